// Why mise failed, as people want to read it first. It ends every report with its version and the advice to say --verbose.

import type { ToolFailure } from './tool-output.ts';

/** From what mise 2026.9 writes to standard error; undefined where it is none of that. */
export function miseFailure(stderr: string): ToolFailure | undefined {
  const lines = stderr.split('\n').map((line) => line.trimEnd());
  return drawn(lines) ?? plain(lines);
}

/** `mise ERROR ...` lines: the last one is the cause, the ones before it say in what. */
function plain(lines: readonly string[]): ToolFailure | undefined {
  const errors = lines.flatMap((line) => /^mise ERROR (?!Version: |Run with --verbose)(?:error: )?(.+)$/.exec(line)?.[1] ?? []);
  const last = errors.at(-1);
  if (last === undefined) return undefined;
  return / not trusted\.$/.test(last) ? { message: last, hint: 'read it, and say `mise trust` in its directory' } : { message: last };
}

/** An excerpt of the file in a frame: `× what`, `╭─[file:line:column]`, and `╰── why` below the place. */
function drawn(lines: readonly string[]): ToolFailure | undefined {
  const start = lines.findIndex((line) => /^\s*× /.test(line));
  if (start < 0) return undefined;
  const rest = lines.slice(start);
  const what = rest[0]?.replace(/^\s*× /, '') ?? '';
  const why = rest.map((line) => /╰─+[┤─]\s+(.+)$/.exec(line)?.[1]).find((text) => text !== undefined);
  const [, file = '', line, column] = rest.map((text) => /╭─\[(.+):(\d+):(\d+)\]$/.exec(text)).find((match) => match !== null) ?? [];
  const message = why === undefined ? what : `${what}: ${why}`;
  return file === '' ? { message } : { message, at: { file, line: Number(line), column: Number(column) } };
}
