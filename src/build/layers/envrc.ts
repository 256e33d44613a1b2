// `[load] envrc`: a file of direnv's.

import type { Layer } from '../layer.ts';

export const envrcLayer: Layer = ({ configuration }) => {
  const { envrc } = configuration.load;
  if (envrc === undefined) return Promise.resolve([]);
  return Promise.resolve([{ message: 'load.envrc is not supported by this version yet', text: envrc.file, ...envrc.at }]);
};
