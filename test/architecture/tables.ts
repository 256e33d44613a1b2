// The tables of docs/architecture.md, as rules.

export interface Room {
  readonly name: string;
  /** Ends in `/`. */
  readonly directory: string;
  readonly mayImport: readonly string[];
}

export interface Power {
  /** A module, or a global such as `process.env`. */
  readonly name: string;
  /** Files, and folders that end in `/`. */
  readonly doors: readonly string[];
}

export interface Rules {
  readonly rooms: readonly Room[];
  readonly powers: readonly Power[];
}

/** Throws where the document does not have both tables in the shape they must have. */
export function readRules(markdown: string): Rules {
  const rooms = table(markdown, 'Who may import whom', ['room', 'lives in', 'may import']).map(([name = '', directory = '', imports = '']) => ({
    name,
    directory: quoted(directory)[0] ?? fail(`room ${name} lives nowhere`),
    mayImport: imports === 'nothing' ? [] : imports.split(',').map((other) => other.trim()),
  }));
  const names = new Set(rooms.map(({ name }) => name));
  for (const { name, mayImport } of rooms) {
    for (const other of mayImport) if (!names.has(other)) fail(`room ${name} may import ${other}, which is no room`);
  }
  const powers = table(markdown, 'One door per power', ['power', 'held by']).map(([power = '', doors = '']) => ({
    name: quoted(power)[0] ?? fail(`a power has no name: ${power}`),
    doors: quoted(doors),
  }));
  return { rooms, powers };
}

/** The rows below the heading, without the head. */
function table(markdown: string, heading: string, columns: readonly string[]): string[][] {
  const lines = markdown.split('\n');
  const start = lines.indexOf(`## ${heading}`);
  if (start < 0) fail(`there is no heading: ## ${heading}`);
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('## '));
  const section = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length);
  const [head, , ...rows] = section.filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  if (head?.join('|') !== columns.join('|')) fail(`the table under ${heading} must have the columns ${columns.join(', ')}`);
  if (rows.length === 0) fail(`the table under ${heading} is empty`);
  return rows;
}

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

function fail(message: string): never {
  throw new Error(`docs/architecture.md: ${message}`);
}
