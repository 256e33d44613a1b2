// What the shell's hook leaves on record (shell/bash/merge.bash): what stood there before devshell set anything.

export interface MergeRecord {
  readonly generation: number;
  /** Variables and lists as the shell had them after its own start-up files; `null` where it had none. */
  readonly originals: ReadonlyMap<string, string | null>;
  /** Functions that ours stand in place of, as the shell prints them. */
  readonly functions: ReadonlyMap<string, string>;
  readonly aliases: ReadonlyMap<string, string>;
}

/** Undefined where there is none, or one that is being written. */
export function parseMergeRecord(text: string): MergeRecord | undefined {
  const words = text.split('\0');
  let at = 0;
  const next = (count: number): string[] => words.slice(at, (at += count));
  const length = (): number => Number(next(1)[0] ?? NaN);
  const generation = length();
  const variables = next(length());
  const listCount = length();
  const [listNames, listOriginals] = [next(listCount), next(listCount)];
  const [functions, aliases] = [next(length()), next(length())];
  // The last word is an empty one behind the last NUL, or what a longer record has left there.
  if (!Number.isInteger(generation) || generation === 0 || length() !== generation || at >= words.length) return undefined;
  const originals = new Map(variables.map(variableOriginal));
  listNames.forEach((name, index) => originals.set(name, listOriginal(listOriginals[index] ?? '')));
  const pairs = (flat: readonly string[]): [string, string][] => flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? '']] : []));
  return {
    generation,
    originals,
    functions: new Map(pairs(functions)),
    aliases: new Map(pairs(aliases).map(([name, textBehindEquals]) => [name, textBehindEquals.slice(1)])),
  };
}

/** `NAME`, `NAME=VALUE`, or `~NAME=VALUE` where it was not exported. */
function variableOriginal(word: string): [string, string | null] {
  const plain = word.startsWith('~') ? word.slice(1) : word;
  const equals = plain.indexOf('=');
  return equals === -1 ? [plain, null] : [plain.slice(0, equals), plain.slice(equals + 1)];
}

/** '' where it was unset, else the value behind `=` or `~`, with a `!` in front once the user has edited it. */
function listOriginal(word: string): string | null {
  return word === '' || word === '!' ? null : word.replace(/^!?[=~]?/, '');
}
