// What one source file reaches for: other files, packages, and the powers of the process. Read with the compiler, not by text.
import { posix } from 'node:path';
import ts from 'typescript';

export interface Reach {
  /** `src/room/file.ts` for a file of the repository, else the name of a package or of a module of Node with `node:`. */
  readonly target: string;
  readonly line: number;
  readonly typeOnly: boolean;
}

export interface SourceFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly imports: readonly Reach[];
  /** `process.env`, `console` ...; `process.*` where the whole process is handed around. */
  readonly globals: readonly Reach[];
}

/** The globals that are looked for. */
const watchedGlobals = ['process', 'console'];

export function parseSource(path: string, text: string): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Reach[] = [];
  const globals: Reach[] = [];
  const lineOf = (node: ts.Node) => tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const visit = (node: ts.Node): void => {
    const module = importedModule(node);
    if (module !== undefined) {
      imports.push({ target: target(path, module), line: lineOf(node), typeOnly: isTypeOnly(node) });
      for (const name of processImports(node, module)) globals.push({ target: name, line: lineOf(node), typeOnly: false });
    }
    const power = globalPower(node);
    if (power !== undefined) globals.push({ target: power, line: lineOf(node), typeOnly: false });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { path, imports, globals };
}

/** The text of the module that a node loads: `import`, `export from`, `import()`, `require()`, `import x = require()`, `import('x').T`. */
function importedModule(node: ts.Node): string | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) return literal(node.moduleSpecifier);
  if (ts.isExternalModuleReference(node)) return literal(node.expression);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal);
  if (!ts.isCallExpression(node)) return undefined;
  const loads = node.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node.expression) && node.expression.text === 'require');
  return loads && node.arguments[0] !== undefined ? literal(node.arguments[0]) : undefined;
}

/** What cannot be read off the text is no less an import; it goes by a name that nothing may import. */
function literal(node: ts.Node): string {
  return ts.isStringLiteralLike(node) ? node.text : '(computed)';
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return ts.isImportDeclaration(node) && node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

const nodeModules = new Set(['child_process', 'worker_threads', 'fs', 'net', 'process', 'os', 'path', 'tty', 'http', 'https', 'cluster', 'vm', 'module']);

function target(from: string, module: string): string {
  if (module.startsWith('.')) return posix.normalize(posix.join(posix.dirname(from), module));
  const [first = '', second] = module.split('/');
  if (nodeModules.has(first)) return `node:${module}`;
  return first.startsWith('@') && second !== undefined ? `${first}/${second}` : module.startsWith('node:') ? module : first;
}

/** `import { env } from 'node:process'` is as good as `process.env`; under another name the whole of it is meant. */
function processImports(node: ts.Node, module: string): string[] {
  if (!/^(node:)?process$/.test(module) || !ts.isImportDeclaration(node)) return [];
  const bindings = node.importClause?.namedBindings;
  if (bindings !== undefined && ts.isNamedImports(bindings)) return bindings.elements.map(({ name, propertyName }) => `process.${(propertyName ?? name).text}`);
  const name = bindings?.name ?? node.importClause?.name;
  return name?.text === 'process' ? [] : ['process.*'];
}

/** The power that an identifier stands for, if it is one of the watched globals and used as a value. */
function globalPower(node: ts.Node): string | undefined {
  if (!ts.isIdentifier(node) || !watchedGlobals.includes(node.text) || !isValue(node)) return undefined;
  if (node.text === 'console') return 'console';
  // For `globalThis.process.env` the object is `globalThis.process`.
  const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
  const object: ts.Node = isMember ? node.parent : node;
  const user = object.parent;
  if (ts.isPropertyAccessExpression(user) && user.expression === object) return `process.${user.name.text}`;
  if (ts.isElementAccessExpression(user) && user.expression === object && ts.isStringLiteralLike(user.argumentExpression)) {
    return `process.${user.argumentExpression.text}`;
  }
  return 'process.*';
}

function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return ts.isIdentifier(parent.expression) && parent.expression.text === 'globalThis';
  if (ts.isTypeNode(parent) || ts.isQualifiedName(parent) || ts.isImportClause(parent) || ts.isImportSpecifier(parent)) return false;
  const isName = 'name' in parent && parent.name === node;
  return !isName || ts.isShorthandPropertyAssignment(parent);
}
