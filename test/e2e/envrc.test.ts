// A project with an .envrc in a session: entering, reloading, failing, and everything taken back.
import { expect } from 'vitest';
import { test } from '../support/project-test.ts';
import { openShell, reload } from './support-1.ts';

const toml = '[load]\nenvrc = ".envrc"\n';

test('An .envrc is loaded, reloads when a file changes that it sources, keeps the last good environment when it fails, and is taken back.', async ({ project }) => {
  await project.write('lib/vars.sh', 'export NAME=one\n');
  const envrc = [
    'source lib/vars.sh',
    'PATH_add bin',
    '[[ -f local.sh ]] && . local.sh',
    "export_alias hi 'echo hi there'",
    'greet() { echo "hello $1 from $NAME"; }',
    'export_function greet',
    "complete -W 'alpha beta' mytool; export_completion mytool",
    "trap 'echo bye' EXIT",
  ];
  await project.write('.envrc', `${envrc.join('\n')}\n`);
  const session = await openShell(project, toml);
  expect(await session.run('hi; greet you; complete -p mytool; command -v direnv; env | grep -c "^DIRENV_\\|envrc/bin"')).toEqual([
    'hi there',
    'hello you from one',
    "complete -W 'alpha beta' mytool",
    '/usr/bin/direnv',
    '0',
  ]);
  expect(await session.run('echo ${PATH%%:*}')).toEqual([project.path('bin')]);

  await reload(session, () => project.replace('lib/vars.sh', 'export NAME=two\n'));
  expect(await session.run('greet you')).toEqual(['hello you from two']);
  // What was looked for in vain.
  await reload(session, () => project.write('local.sh', 'export LOCAL=1\n'));
  expect(await session.run('echo $LOCAL')).toEqual(['1']);

  await project.replace('lib/vars.sh', 'export NAME=three\necho "no such thing" >&2\nexit 3\n');
  await session.waitForStatus('failed lib/vars.sh:3: no such thing');
  expect(await session.run('echo $NAME')).toEqual(['two']);

  await session.run('alias hi=mine');
  await project.replace('lib/vars.sh', 'export NAME=four\n');
  await reload(session, () => project.replace('.envrc', 'source lib/vars.sh\n'));
  expect(await session.run('alias hi; type -t greet; complete -p mytool 2>&1; echo $NAME ${LOCAL-unset} ${PATH%%:*}')).toEqual([
    "alias hi='mine'",
    'bash: complete: mytool: no completion specification',
    `four unset ${project.environment()['PATH']!.split(':')[0]!}`,
  ]);
});
