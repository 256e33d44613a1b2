// The same .envrc by us and by the real direnv: what each would change.

import { execFileSync } from 'node:child_process';
import type { ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import type { EnvrcProject } from './support.ts';

/** What direnv would change, without its own variables. */
export function changesOfDirenv(project: EnvrcProject): Record<string, string | null> {
  const options: ExecFileSyncOptionsWithStringEncoding = { cwd: project.root, env: project.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  execFileSync('direnv', ['allow'], options);
  const all = JSON.parse(execFileSync('direnv', ['export', 'json'], options) || '{}') as Record<string, string | null>;
  return Object.fromEntries(Object.entries(all).filter(([name]) => !/^DIRENV_(DIR|FILE|DIFF|WATCHES)$/.test(name)));
}

export async function changesOf(project: EnvrcProject): Promise<Record<string, string | null>> {
  const { all } = await project.build();
  const names = [...new Set([...Object.keys(all), ...Object.keys(project.env)])];
  return Object.fromEntries(names.flatMap((name) => (all[name] === project.env[name] ? [] : [[name, all[name] ?? null]])));
}
