import { describe, expect, test } from 'vitest';
import { problemsOf } from './files.ts';

const everyLine = 'every line is `name = value`, a [table], or a # comment; names with other characters than A-Z a-z 0-9 _ - stand in quotes';
const bracket = 'put a comma between the entries and close the list with ] or the table with }';

describe('a text that is no TOML is explained:', () => {
  test.each([
    ['[env]\nA = hello', '2:5: `hello` is not a TOML value [A = hello] put text in quotes: "hello"'],
    ['A = True', '1:5: `True` is not a TOML value [A = True] write true'],
    ['A = 12px', '1:5: `12px` is not a TOML value [A = 12px] put text in quotes: "12px"'],
    ['A = 007', '1:5: `007` is not a TOML value [A = 007] put text in quotes: "007"'],
    ['A = bin:$PATH # x', '1:5: `bin:$PATH` is not a TOML value [A = bin:$PATH # x] put text in quotes: "bin:$PATH"'],
    ['A = C:\\x', '1:5: `C:\\x` is not a TOML value [A = C:\\x] put text in quotes: "C:\\\\x"'],
    ['A =', '1:4: a value is missing here [A =] write the value; an empty one is ""'],
    ['A = # x', '1:5: a value is missing here [A = # x] write the value; an empty one is ""'],
    ['a = [1,,2]', '1:8: a value is missing here [a = [1,,2]] write the value; an empty one is ""'],
    ['A = "x\nB = 1', '1:5: the text that begins here has no closing quote [A = "x] close it with "; text of several lines stands between """ and """'],
    ['A = "x', '1:5: the text that begins here has no closing quote [A = "x] close it with "; text of several lines stands between """ and """'],
    ['a = ["b", \'c\nd', '1:11: the text that begins here has no closing quote [a = ["b", \'c] close it with \'; text of several lines stands between \'\'\' and \'\'\''],
    ['A = """x\ny', '1:5: the text that begins here has no closing quote [A = """x] close it with """'],
    ['A = "\\C-r"', '1:6: TOML knows no escape `\\C` [A = "\\C-r"] write \\\\C, or put the text in single quotes, which keep backslashes as they are'],
    ['A = "x\u0001"', '1:7: a control character (U+0001) may not stand here [A = "x\\u{1}"] take it out, or write \\u0001 in "..."'],
    ['A = 1\nA = 2', '2:1: `A` is defined a second time [A = 2] keep one of the two'],
    ['[a]\n[b]\n[a]', '3:2: `a` is defined a second time [[a]] keep one of the two'],
    ['a = [1,\n2\nb = 3', '3:1: a comma or a closing bracket is missing here [b = 3] ' + bracket],
    ['a = { b = 1', '1:12: a comma or a closing bracket is missing here [a = { b = 1] ' + bracket],
    ['A = "b"c', '1:8: nothing may follow a value on its line [A = "b"c] begin a new line, or put the whole value in quotes'],
    ['export A=1', '1:1: `export` is not part of TOML [export A=1] leave it out: NAME = "value" under [env]'],
    ['// hello', '1:1: a comment begins with #, not with // [// hello] write # in front of it'],
    ['  A: 1', '1:4: TOML puts `=` between a name and its value, not `:` [A: 1] write name = value'],
    ['hello', '1:1: this is not `name = value` [hello] ' + everyLine],
    ['[load\npath = []', '1:6: this is not a table header [[load] write [name], with nothing but a comment behind it'],
    ['é = 1', '1:1: this is not `name = value` [é = 1] ' + everyLine],
    ['a = 1979-13-45', '1:5: this is not valid TOML: invalid date [a = 1979-13-45] toml.io shows what may stand here'],
    [`a = ${'['.repeat(2000)}`, `1:1005: this is not valid TOML: document contains excessively nested structures. aborting. [a = ${'['.repeat(93)}...] toml.io shows what may stand here`],
  ])('%j', async (text, problem) => {
    expect(await problemsOf(text)).toEqual([`devshell.toml:${problem}`]);
  });
});
