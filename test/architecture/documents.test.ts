import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { beforeAll, describe, expect, it } from 'vitest';
import { missingNames, missingPaths } from './mentions.ts';

const root = resolve(import.meta.dirname, '../..');
const documents = ['README.md', ...(await glob('docs/**/*.md', { cwd: root, ignore: ['docs/examples/**'] })).sort()];

/** All that names may come from: code, scripts and their tests, and what other programs call theirs. */
let code = '';
const ofOthers = 'nixConfig unpackPhase __structuredAttrs';

beforeAll(async () => {
  const paths = await glob(['src/**/*.ts', 'shell/**/*', 'scripts/*', 'bin/*', 'test/support/*.ts'], { cwd: root });
  code = [ofOthers, ...(await Promise.all(paths.map((path) => readFile(join(root, path), 'utf8'))))].join('\n');
});

describe.each(documents)('%s', (document) => {
  it('names only files and folders that exist', async () => {
    expect(missingPaths(await readFile(join(root, document), 'utf8'), (path) => existsSync(join(root, path)))).toEqual([]);
  });

  it('names only functions, types and variables that exist', async () => {
    expect(missingNames(await readFile(join(root, document), 'utf8'), code)).toEqual([]);
  });
});

describe('what a document mentions', () => {
  it('are paths of the repository in backticks', () => {
    const text = 'See `src/model/a.ts`, `shell/`, `docs/gone.md#part`, `src/model/{a,b}.ts`, `bin/devshell`, src/not/quoted.ts, `/etc/bin/x`, `test/*/x.ts`.';
    const exists = (path: string) => ['src/model/a.ts', 'shell/', 'src/model/b.ts', 'bin/devshell'].includes(path);
    expect(missingPaths(text, exists)).toEqual(['docs/gone.md']);
  });

  it('leave out what stands in blocks of code', () => {
    expect(missingPaths('```\nls `src/gone.ts`\n```\n', () => false)).toEqual([]);
  });

  it('are names of code in backticks', () => {
    const text = 'The `ShellCoordinator` calls `step()` and `goneFunction`, which `readsNothing(x)`; `devshell`, `PATH` and `chokidar` are words.';
    expect(missingNames(text, 'class ShellCoordinator { } function step() {}')).toEqual(['goneFunction', 'readsNothing']);
  });

  it('are variables of devshell as well', () => {
    expect(missingNames('Set `DEVSHELL_GONE`, not `DEVSHELL_ROOT`.', 'DEVSHELL_ROOT')).toEqual(['DEVSHELL_GONE']);
  });
});
