import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import { launcher, repository } from '../support/project.ts';
import { openShell } from './support-1.ts';

const version = { exitCode: 0, signal: null, stdout: expect.stringMatching(/^devshell \d+\.\d+\.\d+\n$/) as string, stderr: '' };

describe('the launcher', () => {
  test('is found through links of all kinds', async ({ project }) => {
    await mkdir(project.path('a/b'), { recursive: true });
    await symlink(launcher, project.path('a/absolute'));
    await symlink('../absolute', project.path('a/b/relative'));
    await symlink(join(repository, 'bin'), project.path('bin'));
    for (const path of ['a/absolute', 'a/b/relative', 'bin/devshell', './bin/../a/b/relative']) {
      expect(await project.run(project.path(path), ['--version']), path).toEqual(version);
    }
    const PATH = `${project.path('a/b')}:${project.environment()['PATH']!}`;
    expect(await project.run('sh', ['-c', 'relative --version'], { env: { PATH } })).toEqual(version);
    expect(await project.run('sh', ['relative', '--version'], { cwd: project.path('a/b') })).toEqual(version);
    expect(await project.run('bash', ['relative', '--version'], { env: { PATH } })).toEqual(version);
  });

  test('has a second entry for those who start it by node', async ({ project }) => {
    expect(await project.run('node', [join(repository, 'bin/devshell.js'), '--version'])).toEqual(version);
  });

  test('says so when there is no node', async ({ project }) => {
    const { exitCode, stdout, stderr } = await project.run('/bin/sh', [launcher], { env: { PATH: '/nowhere' } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 125, stdout: '' });
    expect(stderr).toBe("devshell: 'node' was not found; Node.js 20.19 or newer is needed to run devshell\n");
  });

  test.for(['20.18.3', '18.20.0', '8.17.0', '0.12.18'])('refuses node %s', async (old, { project }) => {
    // A node that says it is older: only what it says of itself can be told without another one.
    await project.write('old.cjs', `Object.defineProperty(process.versions, 'node', { value: '${old}' });`);
    await project.write('bin/node', `#!/bin/sh\nexec '${process.execPath}' -r '${project.path('old.cjs')}' "$@"\n`, { mode: 0o755 });
    const { exitCode, stdout, stderr } = await project.devshell(['--version'], { env: { PATH: `${project.path('bin')}:/usr/bin:/bin` } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 125, stdout: '' });
    expect(stderr).toBe(`devshell: Node.js 20.19 or newer is needed, but ${process.execPath} is ${old}\n`);
  });

  test.for(['20.19.0', '22.0.0', '100.0.0'])('takes node %s', async (fine, { project }) => {
    await project.write('new.cjs', `Object.defineProperty(process.versions, 'node', { value: '${fine}' });`);
    await project.write('node-for-devshell', `#!/bin/sh\nexec '${process.execPath}' -r '${project.path('new.cjs')}' "$@"\n`, { mode: 0o755 });
    const env = { PATH: '/usr/bin:/bin', DEVSHELL_NODE: project.path('node-for-devshell') };
    expect(await project.devshell(['--version'], { env })).toEqual(version);
  });

  test('runs with the node of its session, whichever one the project has in front', async ({ project }) => {
    await project.write('bin/node', '#!/bin/sh\necho another node\n', { mode: 0o755 });
    const session = await openShell(project, '[load]\npath = ["bin"]\n');
    expect(await session.run(`node; ${launcher} --version`)).toEqual(['another node', expect.stringMatching(/^devshell \d/)]);
    // Without one, as in a session that has ended, it is the one on PATH.
    expect(await session.run(`DEVSHELL_SESSION=/none ${launcher} --version`)).toEqual(['another node']);
    expect(await session.run(`DEVSHELL_NODE=${project.path('bin/node')} ${launcher} --version`)).toEqual(['another node']);
  });

  test.for(['none', 'nothing of V8', 'cut short'] as const)('starts without a code cache that fits: %s', async (kind, { project }) => {
    await mkdir(project.path('package'));
    await cp(join(repository, 'dist'), project.path('package/dist'), { recursive: true });
    for (const path of ['bin', 'shell', 'package.json', 'node_modules']) await symlink(join(repository, path), project.path('package', path));
    const cache = project.path('package/dist/main.cjs.cache');
    const whole = await readFile(cache);
    if (kind === 'none') await rm(cache);
    else await writeFile(cache, kind === 'cut short' ? whole.subarray(0, whole.length >> 1) : 'nothing of V8');
    expect(await project.run(process.execPath, ['package/dist/devshell.cjs', '--version'])).toEqual(version);
  });

  test('says so when it is not built', async ({ project }) => {
    await mkdir(project.path('package/bin'), { recursive: true });
    await cp(launcher, project.path('package/bin/devshell'));
    const { exitCode, stderr } = await project.run('package/bin/devshell');
    expect(exitCode).toBe(125);
    expect(stderr).toBe(
      "devshell: it is not built: package/bin/../dist/devshell.cjs is missing\ndevshell: run 'npm run build' in its directory, or install it again\n",
    );
  });

  test('keeps what is meant for other node programs from its own node, and gives it back to them', async ({ project }) => {
    const certificates = await project.write('certificates.pem', '');
    const options = `--require ${await project.write('loaded.cjs', "require('fs').appendFileSync(__dirname + '/loaders', process.argv[1] + '\\n')")}`;
    await project.write('program.cjs', 'console.log(process.env.NODE_OPTIONS, process.env.NODE_EXTRA_CA_CERTS)');
    const env = { NODE_OPTIONS: options, NODE_EXTRA_CA_CERTS: certificates };
    const outcome = await project.devshell(['run', '--', 'node', 'program.cjs'], { env });
    expect(outcome).toEqual({ exitCode: 0, signal: null, stdout: `${options} ${certificates}\n`, stderr: '' });
    expect(await project.read('loaders')).toBe(`${project.path('program.cjs')}\n`);
  });

  test('lets nothing from an outer start pass for its own', async ({ project }) => {
    const env = { DEVSHELL_NODE_OPTIONS: '--stale', DEVSHELL_NODE_EXTRA_CA_CERTS: '/stale' };
    const { stdout } = await project.devshell(['run', '--', 'env'], { env });
    expect(stdout.split('\n').filter((line) => line.includes('stale') || line.startsWith('DEVSHELL_NODE'))).toEqual([]);
  });
});
