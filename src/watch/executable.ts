// Whether this process may run a file, by what a stat tells of it.

interface Attributes {
  readonly mode: number | bigint;
  readonly uid: number | bigint;
  readonly gid: number | bigint;
}

/** Whose leave is asked for. */
export interface Runner {
  readonly user: number;
  readonly groups: ReadonlySet<number>;
}

/** Of this process: it does not change as long as it lives. Without users everybody may. */
let self: Runner | undefined;

function thisProcess(): Runner {
  return (self ??= { user: process.geteuid?.() ?? 0, groups: new Set([...(process.getgroups?.() ?? []), process.getegid?.() ?? 0]) });
}

/** As the kernel decides, access lists aside: the owner's bit for the owner, the group's for its members, the last for others; any for root. */
export function isExecutable({ mode, uid, gid }: Attributes, { user, groups } = thisProcess()): boolean {
  const bits = Number(mode) & 0o111;
  if (user === 0) return bits !== 0;
  if (Number(uid) === user) return (bits & 0o100) !== 0;
  return (bits & (groups.has(Number(gid)) ? 0o010 : 0o001)) !== 0;
}
