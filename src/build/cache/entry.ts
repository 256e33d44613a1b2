// One stored environment with everything that its evaluation read, and its text: signed, versioned, one line of JSON behind a line of its own.

import type { BuildOutcome } from '../../model/builder.ts';
import type { Variables } from '../../model/environment.ts';
import type { Fingerprint, Input } from '../../model/input.ts';
import type { PackedEnvironment, PackedProvenance } from '../../model/packed.ts';
import { packEnvironment, packProvenance, unpackEnvironment, unpackProvenance } from '../../model/packed.ts';
import { isVolatile } from '../volatile.ts';
import type { UserKey } from './user-key.ts';

export type Built = Extract<BuildOutcome, { kind: 'built' }>;

/** What a stat of each path gave when the input was last read, as text; null where that says nothing, since another change could bear the same. */
export type Stamps = string | readonly (readonly [path: string, stamp: string])[] | null;

export interface SeenInput {
  readonly input: Input;
  readonly fingerprint: Fingerprint;
  readonly stamps: Stamps;
}

/** The outer variables that the evaluation used. Their values are not kept, only a digest. */
export interface Outer {
  readonly variables: 'all' | readonly string[];
  readonly named: readonly string[];
  readonly digest: string;
}

export interface CacheEntry {
  /** Where it holds: root, state, settings file and the like; never used anywhere else. */
  readonly place: string;
  /** Which devshell evaluated it. */
  readonly library: string;
  readonly outer: Outer;
  readonly inputs: readonly SeenInput[];
  readonly built: Omit<Built, 'kind' | 'observations'>;
  readonly storedAtMs: number;
}

/** Of the format; an entry of another is not read. */
const format = 'devshell-cache 1';

/** What of the outer environment an evaluation depends on, as one digest. */
export function outerDigest(variables: 'all' | readonly string[], named: readonly string[], base: Variables, key: UserKey): string {
  const all = variables === 'all' ? Object.keys(base).filter((name) => !isVolatile(name)) : variables;
  const names = [...new Set([...all, ...named])].sort();
  return key.digest('outer', JSON.stringify(names.map((name) => [name, base[name] ?? null])));
}

export function encodeEntry(entry: CacheEntry, key: UserKey): string {
  const body = JSON.stringify({ ...entry, inputs: entry.inputs.map(packed), built: plainBuilt(entry.built) });
  return `${format} ${key.digest('entry', body)}\n${body}\n`;
}

export type Decoded =
  | { readonly kind: 'entry'; readonly entry: CacheEntry }
  | { readonly kind: 'unusable'; readonly why: string }
  /** Another devshell may make something of it. */
  | { readonly kind: 'other-format'; readonly why: string };

/** Anything that this user's devshell has not written, word for word, is unusable. */
export function decodeEntry(bytes: Buffer, key: UserKey): Decoded {
  const lineEnd = bytes.indexOf(0x0a);
  const head = bytes.toString('latin1', 0, Math.max(0, Math.min(lineEnd, 200)));
  const [name, version, digest] = head.split(' ');
  if (name !== 'devshell-cache') return { kind: 'unusable', why: 'is not an entry of the cache' };
  if (`${name} ${version ?? ''}` !== format) return { kind: 'other-format', why: `has the format ${version ?? ''}, which this devshell does not know` };
  if (bytes.at(-1) !== 0x0a || bytes.length <= lineEnd + 1) return { kind: 'unusable', why: 'is cut short' };
  const body = bytes.subarray(lineEnd + 1, -1);
  if (key.digest('entry', body) !== digest) return { kind: 'unusable', why: 'is damaged, or was not written by your devshell' };
  const entry = JSON.parse(body.toString('utf8')) as PlainEntry;
  return { kind: 'entry', entry: { ...entry, inputs: entry.inputs.map(unpacked), built: wholeBuilt(entry.built) } };
}

type Packed = readonly ['file' | 'directory', string, Fingerprint, Stamps] | readonly ['glob', Input, Fingerprint, Stamps];

function packed({ input, fingerprint, stamps }: SeenInput): Packed {
  return input.kind === 'glob' ? ['glob', input, fingerprint, stamps] : [input.kind, input.path, fingerprint, stamps];
}

function unpacked(packed: Packed): SeenInput {
  const [kind, what, fingerprint, stamps] = packed;
  return { input: kind === 'glob' ? what : { kind, path: what }, fingerprint, stamps };
}

type PlainEntry = Omit<CacheEntry, 'inputs' | 'built'> & { readonly inputs: readonly Packed[]; readonly built: PlainBuilt };

type PlainBuilt = Omit<CacheEntry['built'], 'environment' | 'provenance'> & {
  readonly environment: PackedEnvironment;
  readonly provenance?: PackedProvenance;
};

function plainBuilt({ environment, provenance, ...rest }: CacheEntry['built']): PlainBuilt {
  const plain = { ...rest, environment: packEnvironment(environment) };
  return provenance === undefined ? plain : { ...plain, provenance: packProvenance(provenance) };
}

function wholeBuilt({ environment, provenance, ...rest }: PlainBuilt): CacheEntry['built'] {
  const whole = { ...rest, environment: unpackEnvironment(environment) };
  return provenance === undefined ? whole : { ...whole, provenance: unpackProvenance(provenance) };
}
