// What is the user's in the shell stays as it is, whenever and however a new environment arrives.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import { changeInput, openShell, printedTo, reload, saved, version, ways } from './support-1.ts';

describe.for(ways)('an environment that arrives $way', ({ arrive }) => {
  test('leaves $?, PIPESTATUS, $_ and $! to the next command', async ({ project }) => {
    const session = await openShell(project, version(0));
    await session.run('sleep 300 & echo $! > job');
    await arrive(project, session, 'true | false | (exit 42)', 1);
    session.enter('echo "<$?|${PIPESTATUS[*]}|$A|$(($! == $(cat job)))>"');
    await session.waitForScreen('<42|0 1 42|1|1>');
    await arrive(project, session, 'true the last word', 2);
    session.enter('echo "<$?|$_|$A>"');
    await session.waitForScreen('<0|word|2>');
  });

  test('leaves nothing in the history and takes nothing out of it', async ({ project }) => {
    const session = await openShell(project, version(0));
    session.enter('history -c');
    await arrive(project, session, 'echo one', 1);
    session.enter('echo !!:$ two');
    await session.waitForScreen(/\none two\n/);
    await arrive(project, session, 'echo three', 2);
    session.enter('exit');
    expect((await session.exit).exitCode).toBe(0);
    const lines = (await readFile(join(project.home, '.bash_history'), 'utf8')).trimEnd().split('\n').map((line) => line.replace(/cat \S+; /, ''));
    expect(lines).toEqual(['echo one', 'echo one two', 'echo three', 'exit']);
  });

  test('leaves the directory, the one before it, and the jobs', async ({ project }) => {
    await project.write('a/b/file', '');
    await project.write('other/file', '');
    const session = await openShell(project, version(0));
    await session.run('cd other; cd ../a/b; pushd / >/dev/null; popd >/dev/null; sleep 301 & sleep 302 &');
    session.enter("sh -c 'echo up; exec cat'");
    await session.waitForScreen(/\nup\n/);
    session.press('Ctrl-Z');
    await session.waitForScreen('Stopped');
    const before = await session.run('pwd; echo $OLDPWD; dirs; jobs -l');
    await arrive(project, session, 'true', 1);
    expect(await session.run('pwd; echo $OLDPWD; dirs; jobs -l')).toEqual(before);
    expect(before).toHaveLength(6);
    expect(await session.run('kill %1; wait %1; echo $? $A')).toEqual(expect.arrayContaining(['143 1']));
    session.enter('fg');
    await session.waitForScreen(/\$ fg\nsh -c .*\n/);
    session.enter('still there');
    await session.waitForScreen((rows) => rows.filter((row) => row === 'still there').length === 2);
    session.press('Ctrl-D');
    expect(await session.run('kill %2; cd - >/dev/null; pwd')).toContain('/');
  });

  test('leaves every option, trap, mask and limit as it is', async ({ project }) => {
    const session = await openShell(project, version(0));
    const state = 'set +o; shopt -p; trap -p; umask; ulimit -a; declare -p IFS PS1 PS2 OPTIND BASH_REMATCH 2>&1; complete -p; bind -v';
    await session.run("set -f -C -o pipefail -E -T -B; set +H; shopt -s nullglob failglob dotglob extglob nocasematch nocaseglob globstar lastpipe histverify; IFS=:; OPTIND=3; umask 027");
    await session.run("trap 'echo exit' EXIT; trap 'echo usr1' USR1; trap '' QUIT; trap 'echo int' INT; trap 'echo \"a b\"' WINCH; [[ abc =~ b(.) ]]");
    const before = await printedTo(project, session, `{ ${state}; }`);
    await arrive(project, session, 'true', 1);
    expect(await printedTo(project, session, `{ ${state}; }`)).toBe(before);
    expect(await session.run('echo $A')).toEqual(['1']);
    session.enter('kill -USR1 $$; exit');
    await session.waitForScreen(/\nusr1\n[^]*\nexit\n?/);
    expect((await session.exit).exitCode).toBe(0);
  });
});

describe('a line that is half typed', () => {
  test('stays as it is, with its cursor, and runs in the environment that came meanwhile', async ({ project }) => {
    const session = await openShell(project, version(0));
    const line = '$ echo "<$A> two"';
    const column = line.length - 5;
    session.type(line.slice(2));
    session.press('Left', 'Left', 'Left', 'Left', 'Left');
    await session.waitForScreen(() => session.terminal.cursor.column === column);
    await changeInput(session, saved(project, 1));
    expect(session.terminal.cursor.column).toBe(column);
    session.press('Alt-Ctrl-R');
    await session.waitForStatus(' reloaded ');
    await session.waitForScreen(line);
    expect(session.terminal.cursor.column).toBe(column);
    await changeInput(session, saved(project, 2));
    session.type(' and ');
    await session.waitForScreen('$ echo "<$A> and  two"');
    session.press('Enter');
    await session.waitForScreen('\n<2> and  two\n');
    expect(await session.run('history 2 | sed "s/^ *[0-9]* *//;1q"')).toEqual(['echo "<$A> and  two"']);
  });

  test('over several rows stays whole in the environment that it was begun in', async ({ project }) => {
    const session = await openShell(project, version(0));
    session.enter('echo "first $A');
    await session.waitForScreen(/\n>\s*\n/);
    await changeInput(session, saved(project, 1));
    session.enter('second $A"');
    // Whole in the old one: it had been begun in it.
    await session.waitForScreen(/\nfirst 0\nsecond 0\n/);
    expect(await session.run('echo $A')).toEqual(['1']);
  });

  test('by `read -e` in the middle of a line is no prompt: the rest of that line runs in the environment it began in', async ({ project }) => {
    const session = await openShell(project, version(0));
    session.enter('read -ep "what? " x; echo "<$A|$x>"');
    await session.waitForScreen(/\nwhat\? /);
    await changeInput(session, saved(project, 1));
    session.enter('this');
    await session.waitForScreen('\n<0|this>\n');
    expect(await session.run('echo $A')).toEqual(['1']);
  });

  test('in a search through the history is left alone, and runs in the environment that came meanwhile', async ({ project }) => {
    const session = await openShell(project, version(1));
    session.enter('echo needle $A');
    await session.waitForScreen(/\nneedle 1\n\$/);
    session.press('Ctrl-R');
    session.type('needl');
    await session.waitForScreen(/reverse-i-search\)`needl'/);
    await changeInput(session, saved(project, 2));
    await session.waitForScreen(/reverse-i-search\)`needl'/);
    session.press('Enter');
    await session.waitForScreen('\nneedle 2\n');
  });

  test('is kept by the key in both modes of vi', async ({ createProject }) => {
    const project = await createProject({ bashrc: "PS1='$ '\nset -o vi\n" });
    const session = await openShell(project, version(0));
    expect(await session.run('shopt -o vi emacs')).toEqual([expect.stringMatching(/^vi\s+on$/), expect.stringMatching(/^emacs\s+off$/)]);
    for (const [value, mode] of [[1, 'insert'], [2, 'command']] as const) {
      session.type('echo "<$A>"');
      await session.waitForScreen(/\$ echo "<\$A>"$/m);
      if (mode === 'command') session.press('Escape');
      await changeInput(session, saved(project, value));
      session.press('Alt-Ctrl-R');
      await session.waitForStatus(' reloaded ');
      session.press('Enter');
      await session.waitForScreen(`\n<${value}>\n`);
    }
    expect(await session.run('shopt -o vi')).toEqual([expect.stringMatching(/^vi\s+on$/)]);
  });
});

describe('a shell with strict options', () => {
  test.for(['set -u', 'set -e', 'set -eu -o pipefail', 'set -o posix', 'set -a', 'set -f', 'set -C', 'set -T -E'])(
    '`%s` lives on through reloads, in .bashrc as well', async (line, { createProject }) => {
      const project = await createProject({ bashrc: `PS1='$ '\n${line}\ntrap 'echo "error in $BASH_COMMAND"' ERR\n` });
      const session = await openShell(project, version(0));
      const flags = await session.run('echo $- $A');
      await reload(session, saved(project, 1));
      await session.run(line);
      await reload(session, saved(project, 2));
      expect(await session.run('echo $- $A')).toEqual([flags[0]!.replace('0', '2')]);
      expect(await session.run('env | grep -c __devshell || :')).toEqual(['0']);
      expect(session.terminal.lines().filter((row) => /error in|unbound|devshell:|syntax error/.test(row))).toEqual([]);
    },
  );

  test('that traces shows its own commands and none of ours', async ({ project }) => {
    const session = await openShell(project, version(0));
    session.enter('set -x');
    await changeInput(session, saved(project, 1));
    session.enter('echo "traced $A"');
    await session.waitForScreen(/\n\+ echo 'traced 1'\ntraced 1\n/);
    session.enter('set +x');
    await session.waitForScreen('+ set +x\n$ ');
    expect(session.terminal.lines().filter((row) => row.startsWith('+'))).toEqual(["+ echo 'traced 1'", '+ set +x']);
  });
});
