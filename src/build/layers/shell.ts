// `[shell]`: aliases and code of the project for the interactive shell.

import type { Layer } from '../layer.ts';

export const shellLayer: Layer = ({ configuration, draft }) => {
  const { aliases, init, initAt } = configuration.shell;
  for (const [name, { text, at }] of aliases) draft.defineAlias(name, text, { layer: 'shell', file: at.file, line: at.line });
  draft.addInit(init, { layer: 'shell', ...(initAt === undefined ? {} : { file: initAt.file, line: initAt.line }) });
  return Promise.resolve([]);
};
