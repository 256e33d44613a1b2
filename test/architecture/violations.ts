// Holds source files to the rules; every violation is one sentence with its place.
import type { Reach, SourceFile } from './source-file.ts';
import type { Power, Room, Rules } from './tables.ts';

export function violations(files: readonly SourceFile[], rules: Rules): string[] {
  return [...files.flatMap((file) => importViolations(file, rules.rooms)), ...cycles(files), ...rules.powers.flatMap((power) => powerViolations(power, files))];
}

function roomOf(path: string, rooms: readonly Room[]): Room | undefined {
  return rooms.find(({ directory }) => path.startsWith(directory));
}

function importViolations({ path, imports }: SourceFile, rooms: readonly Room[]): string[] {
  const room = roomOf(path, rooms);
  if (room === undefined) return [`${path} is in no room`];
  return imports.flatMap(({ target, line }) => {
    if (target === '(computed)') return [`${path}:${line} imports what cannot be read off the text`];
    if (!isFile(target)) return [];
    const other = roomOf(target, rooms);
    if (other === undefined) return [`${path}:${line} imports ${target}, which is in no room`];
    if (other === room || room.mayImport.includes(other.name)) return [];
    return [`${path}:${line} imports ${target}, but ${room.name} may import ${room.mayImport.join(', ') || 'nothing'}`];
  });
}

/** Files of the repository have a folder and an ending; `node:fs/promises` and `@scope/name` have none. */
function isFile(target: string): boolean {
  return target.startsWith('../') || /^(?!node:|@).*\/.*\.\w+$/.test(target);
}

function powerViolations({ name, doors }: Power, files: readonly SourceFile[]): string[] {
  const users = files.flatMap(({ path, imports, globals }) => [...imports, ...globals].filter((reach) => uses(reach, name)).map(({ line }) => ({ path, line })));
  const isThrough = (path: string, door: string) => (door.endsWith('/') ? path.startsWith(door) : path === door);
  const outside = users.filter(({ path }) => !doors.some((door) => isThrough(path, door)));
  const unused = doors.filter((door) => !users.some(({ path }) => isThrough(path, door)));
  return [
    ...outside.map(({ path, line }) => `${path}:${line} uses ${name}, which only ${doors.join(', ') || 'nobody'} may`),
    ...unused.map((door) => `${door} is named as a door to ${name}, but does not use it`),
  ];
}

/** Types give no power. */
function uses({ target, typeOnly }: Reach, power: string): boolean {
  if (typeOnly) return false;
  return target === power || target.startsWith(`${power}/`) || (target === 'process.*' && power.startsWith('process.'));
}

/** Each cycle once, told from its first file by name. */
function cycles(files: readonly SourceFile[]): string[] {
  const graph = new Map(files.map(({ path, imports }) => [path, imports.map(({ target }) => target).filter((target) => target !== path)]));
  const found = new Map<string, string>();
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      const cycle = trail.slice(at);
      found.set([...cycle].sort().join(' '), `a cycle: ${[...cycle, path].join(' -> ')}`);
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of [...graph.keys()].sort()) walk(path, []);
  const own = files.flatMap(({ path, imports }) => (imports.some(({ target }) => target === path) ? [`${path} imports itself`] : []));
  return [...own, ...found.values()];
}
