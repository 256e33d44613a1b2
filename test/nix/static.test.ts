// What can be said of the scripts without running them.
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it.each([
  ['shellcheck', ['--shell=bash', 'shell-hook.bash']],
  ['shfmt', ['--language-dialect', 'bash', '--indent', '2', '--case-indent', '--diff', '.']],
  ['nix-instantiate', ['--parse', 'trace.nix', '--quiet']],
])('%s finds no fault', (tool, args) => {
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd: 'shell/nix', encoding: 'utf8' });
  expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
});
