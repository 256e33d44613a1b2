// direnv's own settings (direnv.toml), as far as they say how a file is evaluated.

import { isAbsolute, join } from 'node:path';
import { parse } from 'smol-toml';
import type { Problem } from '../model/problem.ts';
import type { Read } from './source.ts';
import { userDirectory } from './user-directories.ts';

export interface DirenvSettings {
  readonly bash: string | undefined;
  readonly strict: boolean;
  /** `%s` stands for the message; '' for no messages. */
  readonly logFormat: string | undefined;
  /** 0: never. */
  readonly warnAfterMs: number;
}

export type DirenvSettingsRead = { readonly kind: 'read'; readonly settings: DirenvSettings } | { readonly kind: 'invalid'; readonly problem: Problem };

const defaultWarnAfterMs = 5000;

/** The directory of direnv's settings and libraries; undefined where there is no home. */
export function direnvDirectory(variable: (name: string) => string | undefined): string | undefined {
  const given = variable('DIRENV_CONFIG') ?? '';
  if (given !== '') return given;
  const config = userDirectory('config', variable, '');
  return isAbsolute(config) ? join(config, 'direnv') : undefined;
}

export async function readDirenvSettings(variable: (name: string) => string | undefined, read: Read): Promise<DirenvSettingsRead> {
  const directory = direnvDirectory(variable);
  let table: Record<string, unknown> = {};
  for (const name of directory === undefined ? [] : ['direnv.toml', 'config.toml']) {
    const file = join(directory ?? '', name);
    try {
      const bytes = await read(file);
      if (bytes === undefined) continue;
      table = parse(new TextDecoder('utf-8').decode(bytes));
    } catch (error) {
      const [message = ''] = (error as Error).message.split('\n');
      return { kind: 'invalid', problem: { message: `direnv's settings cannot be read: ${message}`, file, hint: 'correct them, or remove the file' } };
    }
    break;
  }
  return { kind: 'read', settings: settingsOf(table, variable('DIRENV_BASH')) };
}

/** direnv reads its keys at the top as well as in `[global]`. */
function settingsOf(table: Record<string, unknown>, bash: string | undefined): DirenvSettings {
  const inner = table['global'];
  const all = { ...table, ...(typeof inner === 'object' ? inner : {}) } as Record<string, unknown>;
  const { bash_path: path, strict_env: strict, log_format: format, warn_timeout: timeout } = all;
  const given = bash ?? (typeof path === 'string' ? path : '');
  return {
    bash: given === '' ? undefined : given,
    strict: strict === true,
    logFormat: typeof format === 'string' ? (format === '-' ? '' : format) : undefined,
    warnAfterMs: typeof timeout === 'string' ? (durationMs(timeout) ?? defaultWarnAfterMs) : defaultWarnAfterMs,
  };
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `1m30s` and its like. */
function durationMs(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0);
}
