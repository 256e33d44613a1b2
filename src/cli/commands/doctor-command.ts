// `devshell doctor`: what keeps devshell from working well here, and what to do about it.

import type { Project } from '../../config/project.ts';
import { DevshellError, placed } from '../../model/problem.ts';
import { counted } from '../../model/status.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import type { Finding, Level } from '../doctor/finding.ts';
import { areas, finding } from '../doctor/finding.ts';
import { checkProject } from '../doctor/project-checks.ts';
import { checkSession } from '../doctor/session-checks.ts';
import { checkShell } from '../doctor/shell-checks.ts';
import { checkState } from '../doctor/state-checks.ts';
import { checkFileSystem, checkNode, checkWatching } from '../doctor/system-checks.ts';
import { checkTerminal } from '../doctor/terminal-checks.ts';
import type { Parsed } from '../options.ts';
import type { Line } from '../output.ts';
import { writeJson, writeLines } from '../output.ts';
import { projectOf } from '../project-environment.ts';

export const doctorCommand: Command = async (parsed, context, signal) => {
  const all = await allFindings(parsed, context, signal);
  signal.throwIfAborted();
  const findings = areas.flatMap((area) => all.filter((one) => one.area === area));
  const count = (level: Level): number => findings.filter((one) => one.level === level).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (parsed.flags.has('json')) writeJson({ errors, warnings, findings }, context);
  else writeLines([...report(findings), [], [{ text: `${countedOrNo(errors, 'error')}, ${countedOrNo(warnings, 'warning')}`, style: 'strong' }]], context, 'whole');
  return errors === 0 ? 0 : 1;
};

async function allFindings(parsed: Parsed, context: Context, signal: AbortSignal): Promise<readonly Finding[]> {
  const own = [checkShell(context, signal), checkTerminal(context), checkSession(parsed, context).then(({ findings, inputs }) => [...findings, ...checkWatching(inputs)])];
  const project = await projectOf(parsed, context, signal).catch(problemsOf);
  const ofProject = Array.isArray(project) ? [Promise.resolve(project)] : projectChecks(project, context, signal);
  return [...checkNode(context), ...(await Promise.all([...own, ...ofProject.map((check) => check.catch(problemsOf))])).flat()];
}

function projectChecks(project: Project, context: Context, signal: AbortSignal): Promise<readonly Finding[]>[] {
  return [checkProject(project, context, signal), checkFileSystem(project.root), checkState(project.root, context)];
}

/** What would end another command is what this one is asked for. */
function problemsOf(error: unknown): Finding[] {
  if (!(error instanceof DevshellError)) throw error;
  return error.problems.map((problem) => finding('project', 'error', placed(problem), problem.hint ?? 'mend it'));
}

const symbols = { ok: ['✓', 'good'], note: ['·', 'dim'], warning: ['!', 'warn'], error: ['✗', 'bad'] } as const;

function report(findings: readonly Finding[]): Line[] {
  return areas.flatMap((area) => {
    const own = findings.filter((one) => one.area === area);
    return own.length === 0 ? [] : [[{ text: area, style: 'strong' as const }], ...own.flatMap(findingLines)];
  });
}

function findingLines({ level, message, remedy }: Finding): Line[] {
  const [symbol, style] = symbols[level];
  const head: Line = [{ text: `  ${symbol} `, style }, { text: message, style: 'plain' }];
  return remedy === undefined ? [head] : [head, [{ text: `      ${remedy}`, style: 'active' }]];
}

function countedOrNo(count: number, noun: string): string {
  return count === 0 ? `no ${noun}s` : counted(count, noun);
}
