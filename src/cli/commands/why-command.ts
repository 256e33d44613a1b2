// `devshell why NAME`: who set it, what it was before, and whether it was changed in this shell since.

import { similar } from '../../config/similar.ts';
import type { DefinitionExplanation, Explanation, ListElement, ListExplanation, ShellView, VariableExplanation } from '../../model/explanation.ts';
import { explain } from '../../model/explanation.ts';
import { maskedText, maskedValue } from '../../model/secret.ts';
import { usageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { explanationJson } from '../explanation-json.ts';
import type { Line } from '../output.ts';
import { layerText, originText, placeText, table, writeJson, writeLines } from '../output.ts';
import { builtView, hasSession, sessionView, unseenNote } from '../shell-view.ts';

export const whyCommand: Command = async (parsed, context, signal) => {
  const [name] = parsed.words;
  if (name === undefined) throw usageError('devshell why wants a name', parsed.spec);
  const isOfSession = await hasSession(parsed, context);
  const view = isOfSession ? await sessionView(parsed, context) : await builtView(parsed, context, signal);
  const found = explain(name, view);
  if (parsed.flags.has('json')) writeJson(explanationJson(name, found, view), context);
  else if (found.length > 0) writeLines(found.flatMap((one) => explanationLines(one, parsed.flags.has('show'))), context, 'cut');
  else for (const line of nobodyLines(name, view, context, parsed.flags.has('show'))) context.warn(`devshell: ${line}\n`);
  const isUnseen = isOfSession && view.live === undefined && found.some(({ what }) => what === 'variable' || what === 'list');
  if (isUnseen && !parsed.flags.has('json')) context.warn(`devshell: ${unseenNote}\n`);
  return found.length === 0 ? 1 : 0;
};

const place = (text: string): Line => [{ text, style: 'active' }];
const plain = (text: string): Line => [{ text, style: 'plain' }];
const dim = (text: string): Line => [{ text, style: 'dim' }];

function explanationLines(one: Explanation, show: boolean): Line[] {
  switch (one.what) {
    case 'variable':
      return variableLines(one, show);
    case 'list':
      return listLines(one, show);
    case 'function':
    case 'alias':
    case 'completion':
    case 'init':
      return definitionLines(one, show);
  }
}

const changedUnseen = ' was changed in the shell; what stands there cannot be seen from here';

function variableLines(one: VariableExplanation, show: boolean): Line[] {
  const value = (text: string | null | undefined): string => valueText(one.name, text, show);
  const stands = one.now.kind === 'changed' ? one.now.value : one.value;
  const rest = stands === undefined ? dim(changedUnseen) : stands === null ? dim(' is not set') : plain(`=${value(stands)}`);
  const head: Line = [{ text: one.name, style: 'strong' }, ...rest];
  const rows = [
    ...(one.now.kind === 'changed' ? [[plain('changed'), place('in this shell'), dim(''), dim('a reload leaves it alone')]] : []),
    [plain('set by'), place(placeText(one.origin)), dim(layerText(one.origin)), plain(one.now.kind === 'changed' ? value(one.value) : one.value === null ? 'unset' : '')],
    ...one.before.map(({ origin, value: earlier }) => [dim('before'), place(placeText(origin)), dim(layerText(origin)), plain(value(earlier))]),
    ...(one.original === undefined ? [] : [[dim('before'), place('your shell'), dim(''), plain(value(one.original))]]),
  ];
  return [head, ...table(rows, 2)];
}

function listLines(one: ListExplanation, show: boolean): Line[] {
  const row = ({ value, from }: ListElement, here: string): Line[] => {
    const text = plain(value === '' ? '(empty: what the system has)' : show ? value : maskedText(value));
    switch (from.kind) {
      case 'layer':
        return [text, place(placeText(from.origin)), dim(layerText(from.origin))];
      case 'shell':
        return [text, dim('your shell')];
      case 'here':
        return [text, [{ text: here, style: 'warn' }]];
    }
  };
  const isUnseen = one.now.kind === 'changed' && one.now.value === undefined;
  const head: Line = [{ text: one.name, style: 'strong' }, ...dim(isUnseen ? changedUnseen : one.value === null ? ' is not set: it was unset in this shell' : '')];
  const missing = one.missing.map((element) => row(element, ''));
  return [
    head,
    ...table(one.elements.map((element) => row(element, 'added in this shell')), 2),
    ...(missing.length === 0 || one.value === null ? [] : [plain('taken out in this shell, and left so by reloads:'), ...table(missing, 2)]),
  ];
}

function definitionLines(one: DefinitionExplanation, show: boolean): Line[] {
  const text = show ? one.text : maskedText(one.text);
  const code = text.replace(/^\n+|\s+$/g, '').split('\n');
  const original = one.original === undefined ? [] : one.what === 'alias' ? plain(`'${show ? one.original : maskedText(one.original)}'`) : plain('a function of that name');
  const rows = [
    ...(one.now.kind === 'changed' ? [[plain('changed'), place('in this shell'), dim('a reload leaves it alone')]] : []),
    [plain('set by'), place(placeText(one.origin)), dim(layerText(one.origin))],
    ...(one.original === undefined ? [] : [[dim('before'), place('your shell'), original]]),
  ];
  const body = one.what === 'alias' || one.what === 'completion' ? [] : code.map((line): Line => dim(`  | ${line.replaceAll('\t', '  ')}`));
  return [definitionHead(one, text), ...table(rows, 2), ...body];
}

/** As one would write it in a shell. */
function definitionHead({ what, name }: DefinitionExplanation, text: string): Line {
  const strong = (head: string): Line => [{ text: head, style: 'strong' }];
  switch (what) {
    case 'alias':
      return [...strong(`alias ${name}`), ...plain(`='${text}'`)];
    case 'function':
      return strong(`${name} ()`);
    case 'completion':
      return [...plain(`complete ${text} `), ...strong(name)];
    case 'init':
      return [...strong('init'), ...dim(': code that the shell runs after each change')];
  }
}

function valueText(name: string, value: string | null | undefined, show: boolean): string {
  if (value === null || value === undefined) return 'not set';
  if (value === '') return "''";
  return show ? value : maskedValue(name, value);
}

/** Set by devshell for each of its sessions, not by a project. */
const ofTheSession = /^DEVSHELL_(?:ROOT|SESSION|RELOAD_FILE|RELOAD_KEYBIND)$/;

function nobodyLines(name: string, view: ShellView, context: Context, show: boolean): string[] {
  if (ofTheSession.test(name)) return [`${name} is set by devshell itself, for the session`];
  if (name === 'PROMPT_COMMAND') return ['nothing here sets PROMPT_COMMAND; devshell puts a line of its own into it, in front of yours'];
  const value = context.base[name];
  if (value !== undefined) return [`nothing here sets ${name}; your shell has it: ${name}=${valueText(name, value, show)}`];
  const near = namesLike(name, view).map((known) => `${known} (${originText(explain(known, view)[0]?.origin)})`);
  return [`nothing here sets ${name}`, ...(near.length === 0 ? [] : [`there is ${near.join(', ')}`])];
}

/** The nearest name, and those that hold this one or are held by it. */
function namesLike(name: string, { snapshot }: ShellView): string[] {
  const { variables, lists, functions, aliases, completions } = snapshot.environment;
  const known = [...new Set([variables, lists, functions, aliases, completions].flatMap((map) => [...map.keys()]))].sort();
  const word = name.toUpperCase();
  const related = known.filter((one) => name.length > 2 && one.length > 2 && (one.toUpperCase().includes(word) || word.includes(one.toUpperCase())));
  const nearest = similar(name, known);
  return [...new Set([...(nearest === undefined ? [] : [nearest]), ...related])].slice(0, 3);
}
