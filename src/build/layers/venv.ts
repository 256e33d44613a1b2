// `[load] venv`: a Python virtual environment, as its own `activate` would have it.

import { join, resolve } from 'node:path';
import type { Layer } from '../layer.ts';

export const venvLayer: Layer = async ({ root, configuration, draft, reader }) => {
  const { venv } = configuration.load;
  if (venv === undefined) return [];
  const directory = resolve(root, venv.directory);
  if ((await reader.read(join(directory, 'pyvenv.cfg'))) === undefined) {
    const hint = `create it with: python3 -m venv ${venv.directory}`;
    return [{ message: `no virtual environment in ${venv.directory}`, hint, ...venv.at }];
  }
  const origin = { layer: 'venv', file: venv.at.file, line: venv.at.line } as const;
  draft.set('VIRTUAL_ENV', directory, origin);
  draft.unset('PYTHONHOME', origin);
  draft.surround('PATH', { front: [join(directory, 'bin')], back: [] }, origin);
  return [];
};
