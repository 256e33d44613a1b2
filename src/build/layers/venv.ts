// `[load] venv`: a Python virtual environment, as its own `activate` would have it; made on request.

import { join, resolve } from 'node:path';
import type { Venv } from '../../config/configuration.ts';
import type { Problem } from '../../model/problem.ts';
import type { Layer, LayerContext } from '../layer.ts';
import { checkVenv, parseVenvConfiguration, venvPrompt } from '../venv-check.ts';
import { createVenv, venvState } from '../venv-creation.ts';

export const venvLayer: Layer = async (context, signal) => {
  const { venv } = context.configuration.load;
  if (venv === undefined) return [];
  const directory = resolve(context.root, venv.directory);
  const missing = await provide(context, venv, directory, signal);
  signal.throwIfAborted();
  const bytes = await context.reader.read(join(directory, 'pyvenv.cfg')).catch(() => undefined);
  if (missing !== undefined) return [{ ...missing, ...venv.at }];
  if (bytes === undefined) return [{ message: `${venv.directory}/pyvenv.cfg cannot be read`, ...venv.at }];
  const configuration = parseVenvConfiguration(new TextDecoder().decode(bytes));
  const broken = await checkVenv(context, directory, venv.directory, configuration, signal);
  if (broken !== undefined) return [{ ...broken, ...venv.at }];
  activate(context, venv, directory, venvPrompt(directory, configuration));
  return [];
};

/** What keeps it from being there. */
async function provide(context: LayerContext, venv: Venv, directory: string, signal: AbortSignal): Promise<Problem | undefined> {
  const state = await venvState(directory);
  switch (state) {
    case 'whole':
      return undefined;
    case 'something-else':
      return { message: `${venv.directory} is there, but it is no virtual environment`, hint: 'name another directory, or move it away' };
    case 'absent':
    case 'incomplete':
      if (venv.createWith !== undefined) return createVenv(context, directory, venv.directory, venv.createWith, signal);
      return {
        message: state === 'absent' ? `no virtual environment in ${venv.directory}` : `the virtual environment in ${venv.directory} was never made to its end`,
        hint: `create it with: python3 -m venv --clear ${venv.directory}; or have it made: venv = { directory = "${venv.directory}", create = true }`,
      };
  }
}

function activate({ draft }: LayerContext, venv: Venv, directory: string, prompt: string): void {
  const origin = { layer: 'venv', file: venv.at.file, line: venv.at.line } as const;
  draft.set('VIRTUAL_ENV', directory, origin);
  draft.set('VIRTUAL_ENV_PROMPT', prompt, origin);
  draft.unset('PYTHONHOME', origin);
  draft.surround('PATH', { front: [join(directory, 'bin')], back: [] }, origin);
}
