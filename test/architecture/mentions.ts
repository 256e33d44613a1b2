// What a document says there is: paths and names in backticks, outside of code blocks.

/** Paths of the repository that do not exist, braces written out. What holds a wildcard is a manner of speaking. */
export function missingPaths(markdown: string, exists: (path: string) => boolean): string[] {
  const paths = quoted(markdown)
    .filter((text) => /^(src|shell|test|docs|scripts|bin|\.ci)\/[\w./@{},-]*(#[\w-]+)?$/.test(text))
    .flatMap((text) => expandBraces(text.replace(/#.*/, '')));
  return [...new Set(paths)].filter((path) => !exists(path));
}

/** Names of functions, types and `DEVSHELL_*` variables that stand nowhere in the code. */
export function missingNames(markdown: string, code: string): string[] {
  const words = new Set(code.match(/\w+/g));
  const wanted = quoted(markdown).flatMap((text) => {
    const [, name, call] = /^(\w+)(\([^()]*\))?$/.exec(text) ?? [];
    return name !== undefined && (call !== undefined || /[a-z][A-Z]/.test(name) || /^DEVSHELL_[A-Z]/.test(name)) ? [name] : [];
  });
  return [...new Set(wanted)].filter((name) => !words.has(name));
}

function quoted(markdown: string): string[] {
  const prose = markdown.replace(/^```[^]*?^```/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
}

function expandBraces(text: string): string[] {
  const [whole, alternatives] = /\{([^{}]*)\}/.exec(text) ?? [];
  if (whole === undefined || alternatives === undefined) return [text];
  return alternatives.split(',').flatMap((alternative) => expandBraces(text.replace(whole, alternative)));
}
