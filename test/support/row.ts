// The terminal's stream without what devshell draws into it, to hold the rest to what the program wrote.

/** Row, margins and the last words of a session; only what the program wrote itself is left where it wrote no such sequences. */
export function withoutRow(text: string): string {
  return text
    .replace(/\x1b7[^]*?\x1b8/g, '')
    .replace(/\x1b\\\x1b\[m/g, '')
    .replace(/\x1b\[\d+;\d+r|\x1bD\x1b\[A|\x1b\[\?6l\x1b8|\x1b\[\?6l/g, '')
    .replace(/\x1b8/g, '');
}
