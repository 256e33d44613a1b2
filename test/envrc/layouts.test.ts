// Layouts and uses whose programs cannot be had for tests: scripts stand in for them, which answer as the real ones do. The others: real-tools.test.ts.

import { existsSync, realpathSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvrcProject } from './support.ts';

let project: EnvrcProject;

beforeEach(async () => {
  project = await EnvrcProject.create();
});
afterEach(() => project.remove());

/** A program in the project's `tools`, which the .envrc has on its PATH. */
function tool(name: string, script: string): void {
  project.write(`tools/${name}`, `#!/bin/bash\n${script}\n`, 0o755);
}

describe('layout', () => {
  it('python makes a virtual environment, once, and marks its directory as a cache', async () => {
    const { all, observations } = await project.build('layout python /usr/bin/python3 --without-pip\n');
    expect(all['VIRTUAL_ENV']).toMatch(new RegExp(`^${project.path('.direnv')}/python-3\\.\\d+$`));
    expect(all['PATH']?.split(':')[0]).toBe(`${all['VIRTUAL_ENV']}/bin`);
    expect(existsSync(`${all['VIRTUAL_ENV']}/bin/python`)).toBe(true);
    expect(project.read('.direnv/CACHEDIR.TAG')).toMatch(/^Signature: 8a477f597d28d172789f06886806bc55\n/);
    expect(project.inputs(observations)).toContainEqual(expect.stringContaining('pyvenv.cfg'));
  });

  it('python takes the place that VIRTUAL_ENV names', async () => {
    const { all } = await project.build('export VIRTUAL_ENV=foo\nlayout python /usr/bin/python3 --without-pip\n');
    expect(realpathSync(all['VIRTUAL_ENV']!)).toBe(project.path('foo'));
    expect(all['PATH']?.split(':')[0]).toBe(project.path('foo/bin'));
  });

  it('python3 without a python is an error, and nothing is applied', async () => {
    expect(await project.problem('PATH=/nowhere\nlayout python3\n')).toMatchObject({ message: "Could not find python's version", file: '.envrc', line: 2 });
  });

  it('ruby keeps gems below the project', async () => {
    const { all } = await project.build('layout "ruby"\n');
    expect(all).toMatchObject({ GEM_HOME: project.path('.direnv/ruby'), BUNDLE_BIN: project.path('.direnv/bin') });
    expect(all['PATH']?.split(':').slice(0, 2)).toEqual([project.path('.direnv/bin'), project.path('.direnv/ruby/bin')]);
  });

  it('go, node, php, julia and perl set what they need', async () => {
    const { all } = await project.build('layout go\nlayout node\nlayout php\nlayout julia\nlayout perl\n');
    const at = project.path('.direnv');
    expect(all).toMatchObject({ GOPATH: `${at}/go`, GOBIN: `${at}/go/bin`, JULIA_PROJECT: project.root, LOCAL_LIB_DIR: `${at}/perl5`, PERL5LIB: `${at}/perl5/lib/perl5` });
    expect(all).toMatchObject({ PERL_MB_OPT: `--install_base '${at}/perl5'`, PERL_MM_OPT: `INSTALL_BASE=${at}/perl5`, PERL_LOCAL_LIB_ROOT: `${at}/perl5` });
    expect(all['PATH']?.split(':').slice(0, 4)).toEqual([`${at}/perl5/bin`, project.path('vendor/bin'), project.path('node_modules/.bin'), `${at}/go/bin`]);
  });

  it('pyenv and anaconda ask their programs', async () => {
    tool('pyenv', `[[ $1 == root ]] && echo ${project.path('pyenv')}`);
    project.write('pyenv/versions/3.99/bin/python', '#!/bin/bash\nexec /usr/bin/python3 "$@"\n', 0o755);
    tool('conda', 'case "$1 $2" in "env list") echo "base  /opt/conda"; echo "mine  /opt/mine" ;; "shell.bash activate") echo "export CONDA_PREFIX=$3" ;; esac');
    project.write('environment.yml', 'name: mine\n');
    project.write('venv/pyvenv.cfg', '');
    const { all } = await project.build(`PATH_add tools
VIRTUAL_ENV=$PWD/venv; layout pyenv 3.99
layout anaconda base
`);
    expect(all).toMatchObject({ PYENV_VERSION: '3.99', VIRTUAL_ENV: project.path('venv'), CONDA_PREFIX: '/opt/conda' });
    expect(await project.problem('PATH_add tools\nlayout pyenv 1.0\n')).toMatchObject({ message: "pyenv: version '1.0' not installed", line: 2 });
  });

  it('a layout of the user wins over ours, and finds ours by its own name', async () => {
    const { all } = await project.build('layout_go() { export MINE=1; }\nlayout_ours() { layout_node; }\nlayout go\nlayout ours\n');
    expect(all).toMatchObject({ MINE: '1' });
    expect(all).not.toHaveProperty('GOPATH');
    expect(all['PATH']).toContain('node_modules/.bin');
  });
});

describe('use', () => {
  it.each([
    ['1.0.0', undefined, 'julia-'],
    ['1.1', undefined, 'julia-'],
    ['1.2.0', 'jl-', 'jl-'],
    ['1.4.0', '', ''],
  ])('julia %s with prefix %j', async (version, prefix, expected) => {
    const directory = `versions/${expected}${version}`;
    project.write(`${directory}/bin/julia`, `#!/bin/bash\necho "test-julia ${version}"\n`, 0o755);
    await project.build(`JULIA_VERSIONS=$PWD/versions\n${prefix === undefined ? '' : `JULIA_VERSION_PREFIX=${prefix}\n`}use julia ${version}\n`);
    expect(project.log).toContain(`Successfully loaded test-julia ${version}, from prefix (${project.path(directory)})`);
  });

  it('node by version, by .nvmrc, and by nodenv', async () => {
    for (const name of ['versions/node-v4.2.1', 'versions/node-v4.10.0', 'versions/18.0.0']) project.write(`${name}/bin/node`, '#!/bin/bash\necho v\n', 0o755);
    const first = async (envrc: string): Promise<string | undefined> => (await project.build(`export NODE_VERSIONS=$PWD/versions\n${envrc}`)).all['PATH']?.split(':')[0];
    expect(await first('use node 4.2\n')).toBe(project.path('versions/node-v4.2.1/bin'));
    project.write('.nvmrc', 'v4\n');
    expect(await first('use node\n')).toBe(project.path('versions/node-v4.10.0/bin'));
    expect(await project.problem('use node 4\n')).toMatchObject({ message: expect.stringContaining('$NODE_VERSIONS') as string });
    tool('nodenv', `echo ${project.root}`);
    const { all } = await project.build('PATH_add tools\nuse nodenv 18.0.0\n');
    expect(all['PATH']?.split(':').slice(0, 2)).toEqual([project.path('node_modules/.bin'), project.path('versions/18.0.0/bin')]);
  });

  it('rvm, guix, flox and vim', async () => {
    tool('guix', 'echo "export GUIX_SAYS=\'$*\'"');
    tool('flox', 'while [[ $1 != -- ]]; do shift; done; shift; export FLOX=1; exec "$@"');
    project.write(`${project.home}/.rvm/scripts/rvm`, 'rvm() { export RVM_SAYS="$*"; }\n');
    project.write('.flox/env.json', '{}');
    const { all } = await project.build('PATH_add tools\nrvm use 1.8\nuse guix hello\nuse flox\nuse vim\n');
    expect(all).toMatchObject({ RVM_SAYS: 'use 1.8', GUIX_SAYS: 'shell hello --search-paths', FLOX: '1', DIRENV_EXTRA_VIMRC: project.path('.vimrc.local') });
    expect(await project.problem('use flox --dir=none\n')).toMatchObject({ message: expect.stringContaining('none/.flox') as string });
  });

  it('a use of the user, also by way of ours', async () => {
    const { all } = await project.build('eval "_old_$(declare -f use_vim)"\nuse_vim() { _old_use_vim "$@"; export WRAPPED=1; }\nuse vim a\n');
    expect(all).toMatchObject({ WRAPPED: '1', DIRENV_EXTRA_VIMRC: project.path('a') });
  });
});
