// The real dotenvx: files that it has encrypted, as dotenv files and by `exec`.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { realTool } from '../support/real-tools.ts';
import { TemporaryProject } from './temporary-project.ts';

let project: TemporaryProject;
const exec = '[load]\nexec = [{ run = "dotenvx get --format json", inputs = [".env", ".env.keys"] }]\n';

beforeEach(async () => {
  project = await TemporaryProject.create();
  project.variables['PATH'] = [dirname(realTool('dotenvx')), dirname(process.execPath), project.variables['PATH']].join(delimiter);
  project.write('.env', 'HELLO="two words"\nSECRET=abc\nPLAIN=1\n');
  execFileSync('dotenvx', ['encrypt', '-k', 'HELLO', '-k', 'SECRET'], { cwd: project.root, env: { ...project.variables, DOTENVX_NO_ARMOR: 'true' }, stdio: 'ignore' });
});
afterEach(() => project.remove());

it('what is encrypted is left out of a dotenv file, with the way to decrypt it', async () => {
  const { environment } = await project.built();
  expect(environment.variables.get('PLAIN')).toBe('1');
  expect([...environment.variables.keys()].sort()).toEqual(['DOTENV_PUBLIC_KEY', 'PLAIN']);
  expect(project.log).toContain('.env: left out what is encrypted, HELLO, SECRET: [load] exec = [{ run = "dotenvx get');
  const env = Object.fromEntries([...Object.entries(project.variables), ...environment.variables].map(([name, value]) => [name, value ?? '']));
  expect(execFileSync('dotenvx', ['run', '--quiet', '--', 'sh', '-c', 'echo $HELLO $SECRET'], { cwd: project.root, env, encoding: 'utf8' })).toBe('two words abc\n');
});

it('is decrypted by exec, with its files as inputs', async () => {
  const { environment } = await project.built(exec);
  expect(Object.fromEntries(environment.variables)).toMatchObject({ HELLO: 'two words', SECRET: 'abc', PLAIN: '1' });
});

it('fails the build without the key, with what it says', async () => {
  rmSync(join(project.root, '.env.keys'));
  expect((await project.problems(exec))[0]).toMatchObject({ file: 'devshell.toml', line: 2, message: expect.stringMatching(/^exec exited with 1: .*could not decrypt HELLO, SECRET/) as string });
});
