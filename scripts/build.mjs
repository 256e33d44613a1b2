// Builds dist/: the bundles that `devshell` runs, and the library with its types. A build that fails leaves the last one.
//
//   dist/devshell.cjs      the entry: refuses a node that is too old, in words any node understands, then loads the next one
//   dist/load.cjs          loads a bundle with what V8 has kept of compiling it
//   dist/main.cjs          src/cli/main.ts and all it needs, as the function that a module is to Node
//   dist/main.cjs.cache    what V8 made of that in a session and in a command: for this node only, any other does without
//   dist/coordinator.cjs   src/cli/coordinator-worker.ts likewise, for the worker thread
//   dist/lib/              src/{model,reload,session}/index.ts and what they import, as modules with types
//
// In a bundle `__dirname` is dist/: the package, with shell/ in it, is one directory above. `import.meta.dirname`, `.filename` and
// `.url` are those of the bundle.
//
// CommonJS, because Node 20 starts it about 8 ms sooner than modules. There is no splitting then, but what is only reached by
// `await import()` is only parsed, not run. A code cache made before the code has run saves less than 1 ms; one made afterwards, which
// holds the functions that were called, saves 6 ms of `devshell --version` and 12 of `devshell true` (processor time, Node 20.20).
// Of node-pty only what is native is used, from outside. blake3-wasm is bundled, 4 ms faster than required; its .wasm lies beside the bundles.
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import nodeModule from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { recordCode } from './code-cache.mjs';
import { Unprepared, installPackages } from './dependencies.mjs';

const root = resolve(import.meta.dirname, '..');
const oldestNode = '20.19';

/** ES3 on purpose: this must run on whatever `node` is. */
const entry = `// Written by scripts/build.mjs.
var version = process.versions.node.split('.');
var oldest = '${oldestNode}'.split('.');
if (+version[0] < +oldest[0] || (+version[0] === +oldest[0] && +version[1] < +oldest[1])) {
  console.error('devshell: Node.js ${oldestNode} or newer is needed, but ' + process.execPath + ' is ' + process.versions.node);
  process.exit(125);
}
require('./load.cjs')('main.cjs');
`;

const banner = `'use strict';
const bundleUrl = require('node:url').pathToFileURL(__filename).href;
`;

/** A start in a stored environment hashes nothing: WebAssembly is set up when the first hash is asked for, which takes 4 ms. */
const lazyHash = {
  name: 'lazy-hash',
  setup: (setup) => {
    setup.onResolve({ filter: /^blake3-wasm$/ }, ({ importer }) => (importer.endsWith('.ts') ? { path: 'blake3-wasm', namespace: 'lazy' } : undefined));
    setup.onLoad({ filter: /./, namespace: 'lazy' }, () => ({
      contents: "const blake3 = () => require('blake3-wasm');\nexports.hash = (bytes) => blake3().hash(bytes);\nexports.createHash = () => blake3().createHash();\n",
      resolveDir: root,
    }));
  },
};

/** What Node compiles when it is first asked for, and a start in a stored environment does without, or not before the shell is up. */
const lazyBuiltIns = {
  name: 'lazy-built-ins',
  setup: (setup) => {
    setup.onResolve({ filter: /^(node:)?(child_process|fs\/promises|net|timers\/promises|tty|worker_threads)$/ }, ({ path, namespace }) =>
      namespace === 'built-in' ? undefined : { path: `node:${path.replace('node:', '')}`, namespace: 'built-in' });
    setup.onLoad({ filter: /./, namespace: 'built-in' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      const getters = names.map((name) => `  get ${name}() { return require('${path}').${name}; },\n`);
      return { contents: `module.exports = {\n${getters.join('')}};\n` };
    });
  },
};

/** V8 itself refuses a cache of another version, of other flags or of another source; the code is compiled as ever then. */
const loader = `// Written by scripts/build.mjs.
'use strict';
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

module.exports = function load(name, purpose) {
  const filename = join(__dirname, name);
  let cachedData;
  try {
    cachedData = readFileSync(filename + '.cache');
  } catch {
    // Compiled as ever then.
  }
  // All of it is ASCII, which is read faster so.
  const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
  if (purpose === 'record') process.on('exit', () => keep(script, filename + '.cache'));
  const module = { exports: {} };
  script.runInThisContext().call(module.exports, module.exports, createRequire(filename), module, filename, __dirname);
  return module.exports;
};

function keep(script, path) {
  writeFileSync(path + '.new', script.createCachedData());
  renameSync(path + '.new', path);
}
`;

async function bundle(directory) {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { main: 'src/cli/main.ts', coordinator: 'src/cli/coordinator-worker.ts' },
    outdir: directory,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${oldestNode}`,
    plugins: [lazyHash, lazyBuiltIns],
    // A script that is loaded with a code cache has no import().
    supported: { 'dynamic-import': false },
    charset: 'ascii',
    define: { 'import.meta.url': 'bundleUrl', 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    banner: { js: banner },
    metafile: true,
    logLevel: 'warning',
  });
  // Here and not when it is loaded: to put 0.8 MB together once more takes 1 ms of every start.
  await writeFile(join(directory, 'main.cjs'), nodeModule.wrap(await readFile(join(directory, 'main.cjs'), 'latin1')), 'latin1');
  await writeFile(join(directory, 'devshell.cjs'), entry);
  await writeFile(join(directory, 'load.cjs'), loader);
  await copyFile(join(root, 'node_modules/blake3-wasm/dist/wasm/nodejs/blake3_js_bg.wasm'), join(directory, 'blake3_js_bg.wasm'));
  await writeFile(join(directory, 'licenses.txt'), await licenses(Object.keys(metafile.inputs)));
}

/** The licences of what was bundled: they want to be passed on with it. */
async function licenses(inputs) {
  const packages = new Set(inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean));
  const texts = [...packages].sort().map(async (name) => {
    const { version, license } = JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8'));
    const attempts = ['LICENSE', 'LICENSE.md', 'license', 'LICENSE.txt'].map((file) => readFile(join(root, 'node_modules', name, file), 'utf8'));
    const text = await Promise.any(attempts).catch(() => `Licence: ${license}\n`);
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}

async function library(directory) {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const run = promisify(execFile)(process.execPath, [compiler, '-p', 'tsconfig.lib.json', '--outDir', join(directory, 'lib')], { cwd: root });
  await run.catch((error) => {
    throw new Error(`the library does not compile:\n${error.stdout || error.stderr}`);
  });
}

async function buildAll() {
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, 'build-'));
  try {
    await Promise.all([bundle(directory), library(directory)]);
    await chmod(directory, 0o755);
    await rm(join(root, 'dist'), { recursive: true, force: true });
    await rename(directory, join(root, 'dist'));
    await recordCode(root, join(root, 'dist'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

try {
  installPackages();
  const started = performance.now();
  await buildAll();
  console.log(`built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s`);
} catch (error) {
  // esbuild has told its own errors already.
  if (error instanceof Unprepared || !Array.isArray(error?.errors)) console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
