import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import type { Project } from '../support/project.ts';
import { repository } from '../support/project.ts';

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const manifest = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as Manifest;

/** npm as the user has set it up (registry, cache), but with nothing of the npm that runs the tests. */
async function npm(project: Project, args: readonly string[], cwd = repository): Promise<string> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_cache|config_registry)|NODE_|DEVSHELL_|VITEST|XDG_)/.test(name));
  const { exitCode, stdout, stderr } = await project.run('npm', args, { cwd, env: Object.fromEntries(inherited), deadlineMs: 280_000 });
  if (exitCode !== 0) throw new Error(`npm ${args.join(' ')} ended with ${exitCode}:\n${stderr}${stdout}`);
  return stdout;
}

describe('the package', () => {
  test('has everything that package.json promises', () => {
    const exported = Object.values(manifest.exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
    const promised = [...Object.values(manifest.bin), ...manifest.files, ...exported];
    expect(promised.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
  });

  test('holds what is needed, and nothing else', async ({ project }) => {
    const [packed] = JSON.parse(await npm(project, ['pack', '--dry-run', '--json', '--ignore-scripts'])) as [{ files: { path: string; mode: number }[] }];
    const paths = packed.files.map(({ path }) => path);
    const scripts = (await readdir(join(repository, 'shell'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(scripts.length).toBeGreaterThan(0);
    expect(paths).toEqual(expect.arrayContaining([
      'package.json', 'README.md', 'LICENSE', 'bin/devshell', 'bin/devshell.js', 'docs/devshell.schema.json',
      'dist/devshell.cjs', 'dist/load.cjs', 'dist/main.cjs', 'dist/main.cjs.cache', 'dist/coordinator.cjs', 'dist/blake3_js_bg.wasm', 'dist/licenses.txt',
      'dist/lib/session/index.js', 'dist/lib/session/index.d.ts', 'dist/lib/reload/index.d.ts', 'dist/lib/model/index.d.ts',
      ...scripts.map(({ parentPath, name }) => join(parentPath, name).slice(repository.length + 1)),
    ]));
    expect(paths.filter((path) => !/^(bin|dist|shell)\/|^docs\/devshell\.schema\.json$|^(package\.json|README\.md|LICENSE)$/.test(path))).toEqual([]);
    expect(packed.files.find(({ path }) => path === 'bin/devshell')!.mode & 0o111).toBe(0o111);
  });

  // npm may have to fetch what is not in its cache, and node-pty is compiled.
  test('installs globally, runs, and serves as a library', { timeout: 300_000 }, async ({ project }) => {
    const [{ filename }] = JSON.parse(await npm(project, ['pack', '--json', '--ignore-scripts', '--pack-destination', project.root])) as [{ filename: string }];
    const prefix = project.path('prefix');
    await npm(project, ['install', '--global', '--prefix', prefix, '--prefer-offline', '--no-audit', '--no-fund', project.path(filename)], project.root);
    const installed = join(prefix, 'bin/devshell');
    expect(await project.run(installed, ['--version'])).toEqual({ exitCode: 0, signal: null, stdout: `devshell ${manifest.version}\n`, stderr: '' });

    await project.write('app/devshell.toml', '[env]\nGREETING = "hello from ${HOME}"\n');
    const app = { cwd: project.path('app') };
    expect(await project.run(installed, ['allow'], app)).toMatchObject({ exitCode: 0 });
    expect(await project.run(installed, ['echo "$GREETING"'], app)).toMatchObject({ exitCode: 0, stdout: `hello from ${project.home}\n` });

    const session = project.terminal(installed, [], app);
    await session.waitForScreen('$ ');
    expect(await session.run('echo "$GREETING"')).toEqual([`hello from ${project.home}`]);
    session.enter('exit 7');
    expect(await session.exit).toEqual({ exitCode: 7, signal: 0 });

    const names = Object.keys(manifest.exports).filter((name) => name !== './package.json');
    const program = names.map((name) => `console.log(Object.keys(await import('devshell${name.slice(1)}')).length > 0)`).join('\n');
    await project.write('prefix/lib/use.mjs', program);
    expect(await project.run('node', ['prefix/lib/use.mjs'])).toMatchObject({ stderr: '', stdout: 'true\n'.repeat(names.length) });
  });
});
