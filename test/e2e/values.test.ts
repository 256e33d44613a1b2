// Variables in the live shell: changed, added, removed, given back; whatever stands in them.
import { describe, expect } from 'vitest';
import { checkoutBranch, commitToBranch, saveAsVim, saveAsVsCode, saveWithSed } from '../support/editors.ts';
import { test } from '../support/project-test.ts';
import { changeInput, environmentOf, openShell, printedTo, reload, valueOf } from './support-1.ts';

/** Every TOML text there is: JSON's escapes are TOML's. */
const toml = (values: Readonly<Record<string, string>>): string =>
  ['[env]', ...Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value).replaceAll('${', () => '$${').replaceAll('\x7f', '\\u007f')}`), ''].join('\n');

describe('a variable', () => {
  test('is changed, added and removed in the running shell, however the file is saved', async ({ project }) => {
    await project.write('.gitignore', '.devshell\n');
    const file = project.path('devshell.toml');
    const session = await openShell(project, '[env]\nCOLOUR = "red"\n');
    const shell = await session.run('echo $$ $SHLVL $COLOUR');
    expect(shell[0]).toMatch(/^\d+ \d+ red$/);

    expect(await changeInput(session, () => saveAsVim(file, '[env]\nCOLOUR = "green"\n'))).toMatch(/ready +~1 /);
    expect(await session.run('echo $COLOUR')).toEqual(['green']);
    expect(await session.waitForStatus('reloaded')).toMatch(/reloaded in \d+ms +~1/);

    expect(await reload(session, () => saveAsVsCode(file, '[env]\nCOLOUR = "green"\nSHAPE = "round"\n'))).toMatch(/reloaded in \S+ +\+1\s*$/);
    expect(await session.run('echo $COLOUR $SHAPE')).toEqual(['green round']);
    await commitToBranch(project.root, 'round');

    expect(await reload(session, () => saveWithSed(file, '/COLOUR/d'))).toMatch(/reloaded in \S+ +-1\s*$/);
    expect(await session.run('echo ${COLOUR-unset} $SHAPE')).toEqual(['unset round']);
    await commitToBranch(project.root, 'colourless');

    expect(await reload(session, () => checkoutBranch(project.root, 'round'))).toMatch(/reloaded in \S+ +\+1\s*$/);
    const [after] = await session.run('echo $$ $SHLVL $COLOUR');
    expect(after).toBe(shell[0]!.replace('red', 'green'));
  });

  const odd: Readonly<Record<string, string>> = {
    SPACES: '  two  spaces at each end  ',
    ONE_SPACE: ' ',
    QUOTES: `'single' "double" \`echo back\` '"'"'`,
    DOLLARS: '$HOME ${HOME} $(touch pwned) $$ $5 $',
    BACKSLASHES: '\\ \\\\ \\n \\$HOME end\\',
    ONE_BACKSLASH: '\\',
    NEWLINES: '\nfirst\n\nthird\n\n',
    TABS: '\ta\t\tb\t',
    RETURNS: 'a\r\nb\r',
    EMOJI: '😀 👩‍👩‍👧 é ü 漢字 \u202e',
    CONTROLS: '\x01\x02\x1b[31mred\x1b[0m\x7f\x1f',
    HISTORY: '!! !$ ^a^b^ !',
    GLOBS: '* ? [a-z] {a,b} ~ ~root @(a|b)',
    SYNTAX: '; & | < > ( ) # = \' done',
    DASH: '-n',
    ASSIGNMENT: 'A=B',
    EMPTY: '',
    LARGE: 'line of $text with \'quotes\'\n'.repeat(3600).slice(0, 100_000),
  };

  test('may hold anything: it arrives byte for byte, at the start and after a reload', async ({ project }) => {
    const session = await openShell(project, toml(odd));
    const given = (names: readonly string[], environment: ReadonlyMap<string, string>) => Object.fromEntries(names.map((name) => [name, environment.get(name)]));
    const names = Object.keys(odd);
    expect(given(names, await environmentOf(project, session))).toEqual(odd);

    // Every name takes the value of the next one, so that every value arrives by a change, too.
    const values = Object.values(odd);
    const moved = Object.fromEntries(names.map((name, index) => [name, values[(index + 1) % values.length]!]));
    expect(await reload(session, () => project.replace('devshell.toml', toml(moved)))).toContain(`~${names.length}`);
    expect(given(names, await environmentOf(project, session))).toEqual(moved);
    for (const name of ['EMPTY', 'BACKSLASHES', 'TABS']) expect(await valueOf(project, session, name), name).toBe(moved[name]);

    await reload(session, () => project.replace('devshell.toml', '[env]\nLAST = "one"\n'));
    expect([...(await environmentOf(project, session)).keys()].filter((name) => names.includes(name))).toEqual([]);
    expect((await project.run('ls')).stdout).not.toContain('pwned');
  });

  test('is never run, whatever stands in it: every sign of the shell, in every kind of variable', async ({ project }) => {
    const signs = [...Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).filter((sign) => /[^A-Za-z0-9]/.test(sign)), '\n', '\t', '$(', '${', '<(', '`', '((', "$'"];
    const trap = (sign: string): string => `${sign}$(touch pwned)${sign}\`touch pwned\`${sign}; touch pwned ${sign}& touch pwned\ntouch pwned${sign}\n<(touch pwned)$((a[$(touch pwned)]))${sign}`;
    const values = Object.fromEntries(signs.map((sign, index) => [`TRAP_${index}`, trap(sign)]));
    const lists = { PATH: 'x$(touch pwned)`touch pwned`;touch pwned:${PATH}', PYTHONPATH: "'$(touch pwned)\"`touch pwned`" };
    // What .bashrc declares as an integer is no exception: setting it would evaluate it.
    await project.writeBashrc("PS1='$ '\ndeclare -i COUNTED=1 NEGATIVE=-1 NOT_SET\n");
    const number = 'a[$(touch pwned)]';
    const more = { COUNTED: number, NEGATIVE: number, NOT_SET: number, TMOUT: 'a[$(touch pwned)]', HISTSIZE: 'a[$(touch pwned)]' };
    const session = await openShell(project, toml({ ...values, ...more }) + Object.entries(lists).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`).join(''));
    const environment = await environmentOf(project, session);
    expect(environment.get('COUNTED')).toBe(number);
    expect(Object.fromEntries(Object.keys(values).map((name) => [name, environment.get(name)]))).toEqual(values);
    await reload(session, () => project.write('devshell.toml', toml(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, `${value}${value}`])))));
    expect((await environmentOf(project, session)).get('TRAP_0')).toBe(trap('!').repeat(2));
    expect((await project.run('find', [project.base, '-name', 'pwned'])).stdout).toBe('');
  });

  test('too long for any program is named, and what was there stays', async ({ project }) => {
    const session = await openShell(project, '[env]\nSIZE = "small"\n');
    await project.write('devshell.toml', toml({ SIZE: 'large', WHOLE: 'x'.repeat(140_000) }));
    expect(await session.waitForStatus('failed')).toMatch(/failed devshell\.toml:3:9: .*128 KiB/);
    expect(await session.run('echo $SIZE ${#WHOLE}; /bin/echo still')).toEqual(['small 0', 'still']);
    expect(await reload(session, () => project.write('devshell.toml', toml({ SIZE: 'large' })))).toContain('~1');
    expect(await session.run('echo $SIZE')).toEqual(['large']);
  });
});

describe('what a variable was before', () => {
  const bashrc = "PS1='$ '\nLOCAL='of the shell'\nexport BASHRC='of bashrc' BARE=\nexport AWAY='to be unset'\n";
  const env = { GIVEN: 'from outside', BLANK: '', GONE: 'outside, to be unset' };
  const names = ['LOCAL', 'BASHRC', 'BARE', 'AWAY', 'GIVEN', 'BLANK', 'GONE', 'NEW'];
  const declarations = `for name in ${names.join(' ')}; do declare -p "$name" 2>/dev/null || echo "$name is unset"; done`;
  const original = [
    'declare -- LOCAL="of the shell"', 'declare -x BASHRC="of bashrc"', 'declare -x BARE=""', 'declare -x AWAY="to be unset"',
    'declare -x GIVEN="from outside"', 'declare -x BLANK=""', 'declare -x GONE="outside, to be unset"', 'NEW is unset',
  ];
  const ours = [
    'declare -x LOCAL="ours"', 'declare -x BASHRC="ours"', 'declare -x BARE="ours"', 'AWAY is unset',
    'declare -x GIVEN="ours"', 'declare -x BLANK="ours"', 'GONE is unset', 'declare -x NEW="ours"',
  ];
  const configured = `[env]\n${['LOCAL', 'BASHRC', 'BARE', 'GIVEN', 'BLANK', 'NEW'].map((name) => `${name} = "ours"\n`).join('')}AWAY = false\nGONE = false\n`;

  test('comes back when it leaves the configuration: its value, its export, or that it was unset', async ({ createProject }) => {
    const project = await createProject({ bashrc, env });
    const session = await openShell(project, configured);
    expect(await session.run(declarations)).toEqual(ours);
    expect(await reload(session, () => project.replace('devshell.toml', '[env]\n'))).toContain('-8');
    expect(await session.run(declarations)).toEqual(original);
    expect(await reload(session, () => project.replace('devshell.toml', configured))).toContain('+8');
    expect(await session.run(declarations)).toEqual(ours);
    await reload(session, () => project.replace('devshell.toml', configured.replaceAll('ours', 'newer')));
    await reload(session, () => project.replace('devshell.toml', '[env]\n'));
    expect(await session.run(declarations)).toEqual(original);
  });

  test('is nothing that devshell forgets when a reload in between fails', async ({ createProject }) => {
    const project = await createProject({ bashrc, env });
    const session = await openShell(project, configured);
    await project.write('devshell.toml', '[env\n');
    await session.waitForStatus('failed');
    expect(await session.run(declarations)).toEqual(ours);
    await reload(session, () => project.write('devshell.toml', ''));
    expect(await session.run(declarations)).toEqual(original);
  });
});

describe("a variable that the user has changed in the shell", () => {
  test('stays as it is, and the status line names it', async ({ project }) => {
    const configured = (version: string) => `[env]\nMINE = "${version}"\nUNSET = "${version}"\nSAME = "${version}"\nOTHER = "${version}"\n`;
    const session = await openShell(project, configured('1'));
    await session.run("export MINE='my own'; unset UNSET; export SAME=2");
    expect(await reload(session, () => project.write('devshell.toml', configured('2')))).toMatch(/~1, kept MINE UNSET\s*$/);
    const shown = 'echo "$MINE|${UNSET-unset}|$SAME|$OTHER"';
    expect(await session.run(shown)).toEqual(['my own|unset|2|2']);
    // What the user set stays the user's, even if it was what devshell would have set.
    expect(await reload(session, () => project.write('devshell.toml', configured('3')))).toMatch(/~1, kept MINE SAME UNSET\s*$/);
    expect(await session.run(shown)).toEqual(['my own|unset|2|3']);
    expect(await reload(session, () => project.write('devshell.toml', '[env]\n'))).toMatch(/kept .*MINE/);
    expect(await session.run(shown)).toEqual(['my own|unset|2|']);
  });

  test('and one that is readonly do not keep the rest from arriving', async ({ createProject }) => {
    const project = await createProject({ bashrc: "PS1='$ '\nreadonly FIXED=stone\n" });
    const session = await openShell(project, '[env]\nAFTER = "1"\nBEFORE = "1"\n');
    await reload(session, () => project.write('devshell.toml', '[env]\nAFTER = "2"\nFIXED = "sand"\nBEFORE = "2"\n'));
    expect(await session.run('echo $BEFORE $FIXED $AFTER')).toEqual(['2 stone 2']);
    expect(await printedTo(project, session, 'declare -p FIXED')).toBe('declare -r FIXED="stone"\n');
    expect(session.screen().join('\n')).not.toContain('readonly variable');
  });
});
