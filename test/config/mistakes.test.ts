import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { load, problemsOf, userFile } from './files.ts';

/** Project file -> every problem: place, message, [text], remedy. */
const mistakes: readonly (readonly [text: string, ...problems: string[]])[] = [
  // Unknown keys
  ['[load]\npth = ["bin"]', 'devshell.toml:2:1: unknown key `pth` in [load] [pth] did you mean `path`?'],
  ['[load]\nzzz = 1', 'devshell.toml:2:1: unknown key `zzz` in [load] [zzz] known here: path, dotenv, envrc, nix, venv, exec, lists'],
  ['[wach]', 'devshell.toml:1:2: unknown key `wach` at the top level [wach] did you mean `watch`?'],
  ['path = ["bin"]', 'devshell.toml:1:1: unknown key `path` at the top level [path] put it under [load]'],
  ['EDITOR = "vim"', 'devshell.toml:1:1: unknown key `EDITOR` at the top level [EDITOR] variables stand under [env]'],
  ['zzz = 1', 'devshell.toml:1:1: unknown key `zzz` at the top level [zzz] known here: env, load, watch, shell, reload, keys, status, cache, trust'],
  ['load.dotenv = [{ file = "a", optinal = true }]', 'devshell.toml:1:30: unknown key `optinal` in entry 1 of `load.dotenv` [optinal] did you mean `optional`?'],
  ['__proto__ = 1\nconstructor = 2\n[load]\ntoString = 3',
    'devshell.toml:1:1: unknown key `__proto__` at the top level [__proto__] known here: env, load, watch, shell, reload, keys, status, cache, trust',
    'devshell.toml:2:1: unknown key `constructor` at the top level [constructor] known here: env, load, watch, shell, reload, keys, status, cache, trust',
    'devshell.toml:4:1: unknown key `toString` in [load] [toString] known here: path, dotenv, envrc, nix, venv, exec, lists'],
  ['"\\u001b[2J\\u202e" = 1',
    'devshell.toml:1:1: unknown key `\\u{1b}[2J\\u{202e}` at the top level ["\\u001b[2J\\u202e"] known here: env, load, watch, shell, reload, keys, status, cache, trust'],

  // Wrong types
  ['load = 1', 'devshell.toml:1:8: `load` must be a table, not a number [1] write a table'],
  ['[load]\npath = "bin"', 'devshell.toml:2:8: `load.path` must be a list of texts, not a text ["bin"] write path = ["bin"]'],
  ['[load]\npath = ["bin", 3]', 'devshell.toml:2:16: entry 2 of `load.path` must be a text in quotes, not a number [3] write "3"'],
  ['[load]\nexec = { run = "x" }', 'devshell.toml:2:8: `load.exec` must be a list of tables, not a table [{ run = "x" }] write exec = [{ run = "x" }]'],
  ['[load]\nexec = "x"', 'devshell.toml:2:8: `load.exec` must be a list of tables, not a text ["x"] for example: exec = [{ run = "mise env --json", inputs = ["mise.toml"] }]'],
  ['[load]\nvenv = true', 'devshell.toml:2:8: `load.venv` must be a text in quotes, a table or false, not true [true] write "true"'],
  ['load.dotenv = [{ file = "a", optional = "true" }]',
    'devshell.toml:1:41: `optional` in entry 1 of `load.dotenv` must be true or false, not a text ["true"] write true, without quotes'],
  ['[status]\nline = false', 'devshell.toml:2:8: `status.line` must be "bottom", "busy", "title" or "off", not false [false] for example: line = "busy"'],
  ['[shell]\naliases = ["a"]', 'devshell.toml:2:11: `shell.aliases` must be a table, not a list [["a"]] for example: aliases = { gs = "git status" }'],
  ['[[load.exec]]\nformat = "json"', 'devshell.toml:1:1: entry 1 of `load.exec` needs `run` [[[load.exec]]] for example: run = "mise env --json"'],

  ['[load]\nenvrc = true', 'devshell.toml:2:9: `load.envrc` must be a text in quotes or false, not true [true] write "true"'],
  ['[load]\nnix = ["."]', 'devshell.toml:2:7: `load.nix` must be a text in quotes or false, not a list [["."]] for example: nix = ".#default"'],
  ['load.venv = { create = true }', 'devshell.toml:1:13: `load.venv` needs `directory` [{ create = true }] for example: directory = ".venv"'],
  ['load.venv = { directory = ".venv", create = "yes" }', 'devshell.toml:1:45: `load.venv.create` must be true or false, not a text ["yes"] for example: create = true'],
  ['cache = true', 'devshell.toml:1:9: `cache` must be "auto", "wait" or "off", not true [true] for example: cache = "wait"'],

  // Wrong values
  ['trust = "contents"', 'devshell.toml:1:9: `trust` must be "path" or "content" ["contents"] did you mean "content"?'],
  ['cache = "on"', 'devshell.toml:1:9: `cache` must be "auto", "wait" or "off" ["on"] write "auto", "wait" or "off"'],
  ['load.exec = [{ run = "x", format = "sh" }]', 'devshell.toml:1:36: `format` in entry 1 of `load.exec` must be "json", "dotenv" or "shell" ["sh"] write "json", "dotenv" or "shell"'],
  ['[load]\nenvrc = ""', 'devshell.toml:2:9: the path is empty [""] write "." for the directory of devshell.toml itself, or take the entry out'],
  ['[reload]\napply = "atuo"', 'devshell.toml:2:9: `reload.apply` must be "auto" or "manual" ["atuo"] did you mean "auto"?'],
  ['[status]\nline = "x"', 'devshell.toml:2:8: `status.line` must be "bottom", "busy", "title" or "off" ["x"] write "bottom", "busy", "title" or "off"'],
  ['[load]\npath = [""]', 'devshell.toml:2:9: the path is empty [""] write "." for the directory of devshell.toml itself, or take the entry out'],
  ['[load]\npath = ["a:b"]', 'devshell.toml:2:11: a directory of PATH cannot have a colon in its name [:b"] write one entry for each: "a", "b"'],
  ['[load]\nvenv = "~/v"',
    'devshell.toml:2:8: ~ is not filled in here ["~/v"] write a path from the directory of devshell.toml, or an absolute one (in devshell.local.toml if it is yours alone)'],
  ['[load]\ndotenv = ["x/${A}"]',
    'devshell.toml:2:14: ${} is filled in only in [env] [${A}"] write a path from the directory of devshell.toml, or an absolute one (in devshell.local.toml if it is yours alone)'],
  ['load.exec = [{ run = " " }]', 'devshell.toml:1:22: the command is empty [" "] write a command, or take the entry out'],
  ['load.exec = [{ run = "x", timeout = 0 }]',
    'devshell.toml:1:37: `timeout` in entry 1 of `load.exec` must be more than 0 and at most 3600 seconds [0] write a number of seconds, such as 30'],
  ['load.exec = [{ run = "x", timeout = nan }]',
    'devshell.toml:1:37: `timeout` in entry 1 of `load.exec` must be more than 0 and at most 3600 seconds [nan] write a number of seconds, such as 30'],
  ['load.exec = [{ run = "x", timeout = "30s" }]',
    'devshell.toml:1:37: `timeout` in entry 1 of `load.exec` must be a number of seconds, not a text ["30s"] write a number of seconds, such as 30'],
  ['[shell]\ninit = "a\\u0000b"', 'devshell.toml:2:10: a NUL character cannot be passed to any program [\\u0000b"] take \\u0000 out'],
  ['[shell.aliases]\n"a b" = "x"\n-x = "y"',
    'devshell.toml:2:1: `a b` cannot be the name of an alias ["a b"] use letters, digits, . _ : + or a - that is not the first',
    'devshell.toml:3:1: `-x` cannot be the name of an alias [-x] use letters, digits, . _ : + or a - that is not the first'],

  // Variables
  ['[env]\nA = true', 'devshell.toml:2:5: `env.A` must be a text in quotes, a number or false, not true [true] write "true"'],
  ['[env]\nA = inf', 'devshell.toml:2:5: `env.A` must be a text in quotes, a number or false, not inf [inf] write "inf"'],
  ['[env]\nA = 1e400', 'devshell.toml:2:5: `env.A` must be a text in quotes, a number or false, not 1e400 [1e400] write "1e400"'],
  ['[env]\nA = 1979-05-27', 'devshell.toml:2:5: `env.A` must be a text in quotes, a number or false, not a date or time [1979-05-27] write "1979-05-27"'],
  ['[env]\nA = ["x"]', 'devshell.toml:2:5: `env.A` must be a text in quotes, a number or false, not a list [["x"]] write one text, with : between the entries if it is a list'],
  ['[env]\nA.B = 1', 'devshell.toml:2:1: `env.A` must be a text in quotes, a number or false, not a table [A] the name of a variable has no dot, and its value is one text'],
  ['[env]\n"1-A" = "x"', 'devshell.toml:2:1: `1-A` is not the name of a variable ["1-A"] write _1_A: letters, digits and _, no digit first'],
  ['[env]\n"" = "x"', 'devshell.toml:2:1: `` is not the name of a variable [""] write a name: letters, digits and _, no digit first'],
  ['[env]\nDEVSHELL_ROOT = "x"', 'devshell.toml:2:1: `DEVSHELL_ROOT` belongs to devshell itself [DEVSHELL_ROOT] choose another name'],
  ['[env]\nUID = 1', 'devshell.toml:2:1: `UID` cannot be set: bash does not let it be set [UID] take it out'],
  ['[env]\nPROMPT_COMMAND = "x"',
    'devshell.toml:2:1: `PROMPT_COMMAND` cannot be set: it is where the hooks of the shell live; put prompt code into `init` of [shell] [PROMPT_COMMAND] take it out'],
  ['[env]\nMAILCHECK = "a[$(id)]"', 'devshell.toml:2:1: `MAILCHECK` cannot be set: bash evaluates it as code [MAILCHECK] take it out'],
  ['[env]\nPS1 = "$(id)"',
    'devshell.toml:2:1: `PS1` cannot be set: the shell runs the commands in it; put prompt code into `init` of [shell] [PS1] take it out'],
  ['[load]\nlists = ["A-B"]', 'devshell.toml:2:10: `A-B` is not the name of a variable ["A-B"] write A_B: letters, digits and _, no digit first'],
  ['[env]\nA = "x\\t${B"', 'devshell.toml:2:9: this ${ has no closing brace [${B"] close it with }; a literal ${ is written $${'],
  ['[env]\nA = """\nfirst\n  ${1}"""', 'devshell.toml:4:3: this ${} does not name a variable [${1}"""] write ${NAME} or ${NAME:-default}; a literal ${ is written $${'],
  ['[env]\nA = \'${B:=x}\'',
    'devshell.toml:2:6: of all the forms of ${}, only ${NAME} and ${NAME:-default} are known here [${B:=x}\'] use one of these; a literal ${ is written $${'],
  [`[env]\nA = "${'x'.repeat(131_072)}"`, `devshell.toml:2:5: a variable can hold at most 128 KiB ["${'x'.repeat(96)}...] put it into a file, and its name into the variable`],

  // Keys
  ['[keys]\nerror = "Alt-Ctrl-Enter"', 'devshell.toml:2:9: this is not the name of a key ["Alt-Ctrl-Enter"] write Alt-Ctrl-E, Ctrl-E, Alt-E or F1 to F12; "" for none'],
  ['[keys]\nerror = "Ctrl-M"', 'devshell.toml:2:9: Ctrl-M cannot be taken: it is Enter ["Ctrl-M"] choose another key, Alt-Ctrl-E for one'],
  ['[keys]\nerror = "F5"\npause = "f5"', 'devshell.toml:3:9: `keys.pause` is the same key as `keys.error`: F5 ["f5"] choose another key for one of them, or turn one off with ""'],
  ['[keys]\nerror = "Alt-Ctrl-D"', 'devshell.toml:2:9: `keys.error` is the same key as `keys.pause`: Alt-Ctrl-D ["Alt-Ctrl-D"] choose another key for one of them, or turn one off with ""'],
  ['[reload]\nkeybind = "\\\\M-\\\\C-e"',
    'devshell.toml:2:11: `reload.keybind` is the same key as `keys.error`: Alt-Ctrl-E ["\\\\M-\\\\C-e"] choose another key for one of them, or turn one off with ""'],
  ['[reload]\nkeybind = "r"',
    'devshell.toml:2:11: a plain character cannot be taken: it could no longer be typed ["r"] write it as readline does, in single quotes: \'\\e\\C-r\' is Alt-Ctrl-R; "" for none'],
  ['[reload]\nkeybind = \'\\C-x"; rm -rf x; "\'',
    'devshell.toml:2:16: this is not a readline key sequence ["; rm -rf x; "\'] write it as readline does, in single quotes: \'\\e\\C-r\' is Alt-Ctrl-R; "" for none'],
  ['[reload]\nkeybind = \'\\C-m\'', 'devshell.toml:2:11: Enter cannot be taken [\'\\C-m\'] write it as readline does, in single quotes: \'\\e\\C-r\' is Alt-Ctrl-R; "" for none'],

  // Not yet
  ['[tasks.install]\nrun = "x"', 'devshell.toml:1:2: `tasks` is not supported by this version yet [tasks] leave [tasks] out'],
  ['[processes.web]', 'devshell.toml:1:2: `processes` is not supported by this version yet [processes] leave [processes] out'],
  ['[shell]\nprogram = "zsh"', 'devshell.toml:2:11: "zsh" as `shell.program` is not supported by this version yet ["zsh"] write "bash"'],
  ['[shell]\nprogram = "bush"', 'devshell.toml:2:11: `shell.program` must be "bash" ["bush"] did you mean "bash"?'],

  ['env = []',
    'devshell.toml:1:7: `env` must be a table, not a list [[]] for example: env = { DATABASE_URL = "postgres://localhost/${USER}", PORT = 8080, PYTHONHOME = false }'],

  // The other tool of the same name
  ...(['[[commands]]\npackage = "x"|commands|1:3', '[devshell]\nname = "x"|devshell|1:2', 'imports = ["a"]\n[zzz]|imports|1:1', '[zzz]\n[[env]]\nname = "A"\nvalue = "B"|env|2:3'] as const).map(
    (both): readonly [string, string] => {
      const [text = '', key = '', at = ''] = both.split('|');
      return [
        text,
        `devshell.toml:${at}: this devshell.toml belongs to numtide/devshell, another tool (\`${key}\` is its key) [${key}] `
        + 'give that file another name, also where Nix imports it (importTOML, fromTOML); then devshell init writes one for this tool',
      ];
    },
  ),
];

describe('a mistake is named with its place, its text and a remedy:', () => {
  test.each(mistakes)('%j', async (text, ...problems) => {
    expect(await problemsOf(text)).toEqual(problems);
  });
});

describe('all mistakes are reported at once', () => {
  test('in one file, in its order', async () => {
    const problems = await problemsOf('[status]\nline = 1\n[env]\nA = true\n"B C" = "${"\n[load]\npath = ["", 3]\n');
    expect(problems.map((problem) => problem.split(': ')[0])).toEqual([2, 4, 5, 5, 7, 7].map((line, index) => `devshell.toml:${line}:${[8, 5, 1, 10, 9, 13][index] ?? 0}`));
  });

  test('across the files, a syntax error in one of them included', async () => {
    const problems = await problemsOf('[env]\nA = true', 'B = \n', '[load]\n[kyes]');
    expect(problems).toEqual([
      `${userFile}:1:2: \`load\` does not belong in the user settings [load] put it into devshell.toml of the project, or devshell.local.toml if it is yours alone`,
      `${userFile}:2:2: unknown key \`kyes\` at the top level [kyes] did you mean \`keys\`?`,
      'devshell.toml:2:5: `env.A` must be a text in quotes, a number or false, not true [true] write "true"',
      'devshell.local.toml:1:5: a value is missing here [B =] write the value; an empty one is ""',
    ]);
  });

  test('also where two files only disagree together', async () => {
    expect(await problemsOf('[keys]\npause = "F2"', '[keys]\nerror = "F2"')).toEqual([
      'devshell.toml:2:9: `keys.pause` is the same key as `keys.error`: F2 ["F2"] choose another key for one of them, or turn one off with ""',
    ]);
    expect(await problemsOf('[keys]\npause = "F2"', '[keys]\nerror = "F2"\npause = ""')).toEqual([]);
  });

  test('and a tool of the same name silences only its own file', async () => {
    const problems = await problemsOf('[devshell]\n[zzz]', '[zzz]');
    expect(problems.map((problem) => problem.split(': ')[0])).toEqual(['devshell.toml:1:2', 'devshell.local.toml:1:2']);
  });
});

describe('whatever a file holds,', () => {
  const words = fc.constantFrom(
    ...['[env]', '[load]', '[shell]', '[keys]', '[[load.exec]]', '[tasks.x]', '\n', '\n', '\n', ' = ', ' = ', 'A', 'path', 'dotenv', 'exec', 'run', 'init', 'error'],
    ...['timeout', 'aliases', '"${"', '"x\\t${1}"', "'~/x'", '"a:b"', '""', '"\\u001b[2J"', '"""\n${A', '"""', '[', ']', '{', '}', ',', '1', 'true', '1979-05-27'],
    ...['.', '# ', '\r\n', '\0', '\u001b', 'é', '"F9"'],
  );
  const texts = fc.array(words, { maxLength: 25 }).map((all) => all.join(''));

  test('every problem has a place in the file, a remedy, and no control character', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const loaded = await load(text);
        if (loaded.kind === 'loaded') return;
        expect(loaded.problems.length).toBeGreaterThan(0);
        const lines = text.split('\n');
        for (const { message, file, line = 0, column = 0, text: shownText = '', hint = '' } of loaded.problems) {
          expect(file).toBe('devshell.toml');
          expect(line).toBeGreaterThanOrEqual(1);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? -1) + 1);
          expect(hint).not.toBe('');
          expect(message + shownText + hint).not.toMatch(/\p{Cc}/u);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
