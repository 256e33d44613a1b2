// What `devshell doctor` has to say about one thing.

/** In the order in which they are shown. */
export const areas = ['shell', 'terminal', 'node', 'system', 'state', 'project', 'session'] as const;
export type Area = (typeof areas)[number];

/** `note`: good to know; `warning`: something works less well; `error`: something does not work. */
export type Level = 'ok' | 'note' | 'warning' | 'error';

export interface Finding {
  readonly area: Area;
  readonly level: Level;
  readonly message: string;
  readonly remedy?: string;
}

export function finding(area: Area, level: Level, message: string, remedy?: string): Finding {
  return { area, level, message, ...(remedy === undefined ? {} : { remedy }) };
}
