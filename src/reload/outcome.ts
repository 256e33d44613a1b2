// What a build came to, as the reload machine and as people want to know it.

import type { BuildOutcome, ShellBuilder } from '../model/builder.ts';
import type { Environment } from '../model/environment.ts';
import { canonical } from '../model/environment.ts';
import type { Problem } from '../model/problem.ts';
import type { BuildResult } from '../model/reload-state.ts';
import { fingerprintBytes } from '../watch/fingerprint.ts';

/** Equal for equal environments. */
export function environmentId(environment: Environment): string {
  return fingerprintBytes(Buffer.from(canonical(environment)));
}

export function resultOf(outcome: BuildOutcome): BuildResult {
  return outcome.kind === 'built' ? { kind: 'built', id: environmentId(outcome.environment) } : { kind: outcome.kind };
}

/** What a build is about, as far as what asked for it tells. */
export function aboutOf(changed: readonly string[], { settingsFiles = [] }: ShellBuilder): 'environment' | 'settings' {
  return changed.length > 0 && changed.every((path) => settingsFiles.includes(path)) ? 'settings' : 'environment';
}

export function selfChanging(paths: readonly string[]): Problem {
  return {
    message: `the build changes its own input ${paths.join(', ')}; building stopped`,
    hint: 'take it out of the inputs ([watch] ignore), or let the build write it only when its content differs; devshell reload builds again',
  };
}

export function unexpected(error: unknown): Problem {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: `devshell itself failed: ${error instanceof Error ? error.message : String(error)}`, detail: stack };
}
