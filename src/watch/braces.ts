// Braces in patterns, as far as they stand for paths of their own.

/** More than these are left as they are: the walk is then wide, and right. */
const maxPatterns = 64;

/**
 * The pattern without alternatives that hold a slash, one for each: `{a,b/c}.d` is `a.d` and `b/c.d`.
 * tinyglobby 0.2 takes a pattern apart at its slashes, those in braces as well, and then reads every directory there is.
 */
export function splitAtSlashes(pattern: string): readonly string[] {
  const whole: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const group = groupWithSlash(next);
    if (group === undefined) whole.push(next);
    else for (const alternative of group.alternatives) open.push(`${group.before}${alternative}${group.after}`);
    if (whole.length + open.length > maxPatterns) return [pattern];
  }
  return [...new Set(whole)].sort();
}

interface Group {
  readonly before: string;
  readonly alternatives: readonly string[];
  readonly after: string;
}

/** The first outermost braces with alternatives, and a slash in one of them. */
function groupWithSlash(pattern: string): Group | undefined {
  let start = -1;
  let depth = 0;
  let commas: number[] = [];
  for (const { index, 0: text } of pattern.matchAll(/\\.|\[[^\]]+\]|[{},]/gs)) {
    if (text === '{') {
      if (depth++ === 0) [start, commas] = [index, []];
    } else if (text === ',' && depth === 1) commas.push(index);
    else if (text === '}' && depth > 0 && --depth === 0 && commas.length > 0 && pattern.slice(start, index).includes('/')) {
      const ends = [start, ...commas, index];
      const alternatives = ends.slice(1).map((end, nth) => pattern.slice((ends[nth] ?? 0) + 1, end));
      return { before: pattern.slice(0, start), alternatives, after: pattern.slice(index + 1) };
    }
  }
  return undefined;
}
