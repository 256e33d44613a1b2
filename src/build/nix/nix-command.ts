// Runs `nix`, whatever its version and settings, and reads what it says.

import type { LayerContext } from '../layer.ts';
import type { ExecutionResult } from '../subprocess-executor.ts';
import type { Sight } from './messages.ts';
import { NixMessages } from './messages.ts';

/** What is built for an environment may take hours; who does not want to wait interrupts it. */
const timeoutMs = 24 * 3_600_000;
const maxBytes = 64 * 1024 * 1024;

export interface NixRun {
  readonly result: ExecutionResult;
  readonly messages: NixMessages;
}

/** Both features are on where a user has them off: without them there is neither `print-dev-env` nor a flake. */
const always = ['--extra-experimental-features', 'nix-command flakes', '--log-format', 'internal-json'];

export async function runNix(
  context: LayerContext,
  args: readonly string[],
  saw: (sight: Sight) => void,
  signal: AbortSignal,
): Promise<NixRun> {
  const messages = new NixMessages({ log: context.log, saw });
  const env = nixVariables(context);
  const log = (chunk: string): void => messages.add(chunk);
  const result = await context.executor.run({ command: 'nix', args: [...always, ...args], cwd: context.root, env, timeoutMs, maxBytes, log }, signal);
  messages.end();
  signal.throwIfAborted();
  return { result, messages };
}

/** Files ask by IN_NIX_SHELL whether they are evaluated for a shell (`lib.inNixShell` of nixpkgs does). Git must not rewrite its index, which is an input. */
function nixVariables({ draft }: LayerContext): Record<string, string> {
  return { ...draft.resolved(), IN_NIX_SHELL: 'impure', GIT_OPTIONAL_LOCKS: '0' };
}
