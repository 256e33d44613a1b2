// What one checked file says, and how the files are laid over one another.
import type { Alias, CacheMode, Configuration, Directory, DotenvFile, EnvSetting, Envrc, ExecCommand, Nix, Place, Settings, TrustMode, Venv } from './configuration.ts';
import { defaultSettings, defaultTimeoutMs } from './configuration.ts';
import type { Document, Node } from './document.ts';
import { nodeAt } from './document.ts';
import { parseKeyName } from './key-name.ts';
import { placeAt } from './source.ts';
import type { Spot } from './scan.ts';

/** undefined: the file does not say. */
export interface Layer {
  readonly env: readonly EnvSetting[];
  readonly path: readonly Directory[] | undefined;
  readonly dotenv: readonly DotenvFile[] | undefined;
  readonly venv: Venv | 'none' | undefined;
  readonly envrc: Envrc | 'none' | undefined;
  readonly nix: Nix | 'none' | undefined;
  readonly exec: readonly ExecCommand[] | undefined;
  readonly lists: readonly string[] | undefined;
  readonly watchPaths: readonly string[] | undefined;
  readonly watchIgnore: readonly string[] | undefined;
  readonly program: 'bash' | undefined;
  readonly init: { readonly text: string; readonly at: Place } | undefined;
  readonly aliases: ReadonlyMap<string, Alias>;
  readonly cache: CacheMode | undefined;
  readonly trust: TrustMode | undefined;
  readonly apply: Settings['apply'] | undefined;
  readonly keybind: string | undefined;
  readonly errorKey: Settings['keys']['error'] | undefined;
  readonly pauseKey: Settings['keys']['pause'] | undefined;
  readonly statusLine: Settings['statusLine'] | undefined;
}

/** `document` must have passed `check`: the choices are taken as they stand. */
export function layerOf(document: Document): Layer {
  const reader = new LayerReader(document);
  return {
    env: reader.env(),
    path: reader.list('load', 'path')?.map((node) => reader.directory(node)),
    dotenv: reader.list('load', 'dotenv')?.map((node) => reader.dotenvFile(node)),
    venv: reader.venv(),
    envrc: reader.unlessOff('envrc', (file, at) => ({ file, at })),
    nix: reader.unlessOff('nix', (reference, at) => ({ reference, at })),
    exec: reader.list('load', 'exec')?.map((node) => reader.execCommand(node)),
    lists: reader.texts('load', 'lists'),
    watchPaths: reader.texts('watch', 'paths'),
    watchIgnore: reader.texts('watch', 'ignore'),
    program: reader.text('shell', 'program') as 'bash' | undefined,
    init: reader.init(),
    aliases: reader.aliases(),
    cache: reader.text('cache') as CacheMode | undefined,
    trust: reader.text('trust') as TrustMode | undefined,
    apply: reader.text('reload', 'apply') as Layer['apply'],
    keybind: reader.text('reload', 'keybind'),
    errorKey: reader.key('error'),
    pauseKey: reader.key('pause'),
    statusLine: reader.text('status', 'line') as Layer['statusLine'],
  };
}

/** Later layers win: lists and texts replace, `env` and `aliases` merge name by name and keep their order. */
export function merge(layers: readonly Layer[]): Configuration {
  const latest = <T>(pick: (layer: Layer) => T | undefined, fallback: T): T =>
    layers.map(pick).findLast((value) => value !== undefined) ?? fallback;
  return {
    env: [...new Map(layers.flatMap(({ env }) => env.map((setting) => [setting.name, setting] as const))).values()],
    load: {
      path: latest((layer) => layer.path, []),
      dotenv: latest((layer) => layer.dotenv, []),
      venv: unlessNone(latest<Venv | 'none'>((layer) => layer.venv, 'none')),
      envrc: unlessNone(latest<Envrc | 'none'>((layer) => layer.envrc, 'none')),
      nix: unlessNone(latest<Nix | 'none'>((layer) => layer.nix, 'none')),
      exec: latest((layer) => layer.exec, []),
      lists: latest((layer) => layer.lists, []),
    },
    watch: { paths: latest((layer) => layer.watchPaths, []), ignore: latest((layer) => layer.watchIgnore, []) },
    shell: {
      program: latest<'bash' | undefined>((layer) => layer.program, undefined),
      init: latest((layer) => layer.init?.text, ''),
      initAt: latest<Place | undefined>((layer) => (layer.init?.text === '' ? undefined : layer.init?.at), undefined),
      aliases: new Map(layers.flatMap(({ aliases }) => [...aliases])),
    },
    cache: latest<CacheMode>((layer) => layer.cache, 'auto'),
    trust: latest<TrustMode>((layer) => layer.trust, 'path'),
    settings: {
      apply: latest((layer) => layer.apply, defaultSettings.apply),
      keybind: latest((layer) => layer.keybind, defaultSettings.keybind),
      keys: {
        error: latest((layer) => layer.errorKey, defaultSettings.keys.error),
        pause: latest((layer) => layer.pauseKey, defaultSettings.keys.pause),
      },
      statusLine: latest((layer) => layer.statusLine, defaultSettings.statusLine),
    },
  };
}

function unlessNone<T>(value: T | 'none'): T | undefined {
  return value === 'none' ? undefined : value;
}

class LayerReader {
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  text(...path: readonly string[]): string | undefined {
    return textOf(nodeAt(this.#document, ...path));
  }

  list(...path: readonly string[]): readonly Node[] | undefined {
    const node = nodeAt(this.#document, ...path);
    return node?.kind === 'list' ? node.items : undefined;
  }

  texts(...path: readonly string[]): readonly string[] | undefined {
    return this.list(...path)?.map((node) => textOf(node) ?? '');
  }

  env(): EnvSetting[] {
    const node = nodeAt(this.#document, 'env');
    if (node?.kind !== 'table') return [];
    return [...node.entries].map(([name, entry]) => ({ name, value: textOf(entry.node) ?? false, at: this.#place(entry.key) }));
  }

  directory(node: Node): Directory {
    return { directory: textOf(node) ?? '', at: this.#place(node.spot) };
  }

  venv(): Venv | 'none' | undefined {
    const node = nodeAt(this.#document, 'load', 'venv');
    if (node === undefined) return undefined;
    if (node.kind === 'boolean') return 'none';
    if (node.kind !== 'table') return { ...this.directory(node), createWith: undefined };
    const field = (name: string): Node | undefined => node.entries.get(name)?.node;
    const create = field('create');
    const interpreter = textOf(field('python')) ?? 'python3';
    const createWith = create?.kind === 'boolean' && create.value ? interpreter : undefined;
    return { directory: textOf(field('directory')) ?? '', createWith, at: this.#place(node.spot) };
  }

  /** A text of [load] that `false` switches off. */
  unlessOff<T>(name: string, of: (text: string, at: Place) => T): T | 'none' | undefined {
    const node = nodeAt(this.#document, 'load', name);
    if (node === undefined) return undefined;
    return node.kind === 'boolean' ? 'none' : of(textOf(node) ?? '', this.#place(node.spot));
  }

  dotenvFile(node: Node): DotenvFile {
    const at = this.#place(node.spot);
    if (node.kind !== 'table') return { file: textOf(node) ?? '', optional: false, at };
    const optional = node.entries.get('optional')?.node;
    return { file: textOf(node.entries.get('file')?.node) ?? '', optional: optional?.kind === 'boolean' && optional.value, at };
  }

  execCommand(node: Node): ExecCommand {
    const field = (name: string): Node | undefined => (node.kind === 'table' ? node.entries.get(name)?.node : undefined);
    const inputs = field('inputs');
    const timeout = field('timeout');
    return {
      run: textOf(field('run')) ?? '',
      format: (textOf(field('format')) ?? 'json') as ExecCommand['format'],
      inputs: inputs?.kind === 'list' ? inputs.items.map((item) => textOf(item) ?? '') : [],
      timeoutMs: timeout?.kind === 'number' ? Math.ceil(timeout.value * 1000) : defaultTimeoutMs,
      at: this.#place(node.spot),
    };
  }

  /** A line end right behind the opening quotes does not belong to the text. */
  init(): Layer['init'] {
    const node = nodeAt(this.#document, 'shell', 'init');
    if (node?.kind !== 'string') return undefined;
    const begins = /^(?:"""|''')\n/.test(this.#document.source.text.slice(node.spot.start, node.spot.start + 4)) ? 4 : 0;
    return { text: node.value, at: placeAt(this.#document.source, node.spot.start + begins) };
  }

  aliases(): ReadonlyMap<string, Alias> {
    const node = nodeAt(this.#document, 'shell', 'aliases');
    if (node?.kind !== 'table') return new Map();
    return new Map([...node.entries].map(([name, entry]) => [name, { text: textOf(entry.node) ?? '', at: this.#place(entry.key) }]));
  }

  key(name: 'error' | 'pause'): Layer['errorKey'] {
    const text = this.text('keys', name);
    return text === undefined || text === '' ? text : parseKeyName(text);
  }

  #place(spot: Spot): Place {
    return placeAt(this.#document.source, spot.start);
  }
}

/** A number is the text that it was written as. */
function textOf(node: Node | undefined): string | undefined {
  if (node?.kind === 'string') return node.value;
  return node?.kind === 'number' ? node.text : undefined;
}
