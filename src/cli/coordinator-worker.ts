// The coordinator's thread.

import type { MessagePort } from 'node:worker_threads';
import { parentPort, workerData } from 'node:worker_threads';
import { CachingBuilder } from '../build/cache/caching-builder.ts';
import type { ExecutorHost } from '../build/subprocess-executor.ts';
import type { Port, ShellCommand, ShellEvent } from '../model/protocol.ts';
import { ShellCoordinator } from '../reload/coordinator.ts';
import { directoryLine, writeLine } from '../terminal/guard.ts';
import { Sights } from '../watch/sights.ts';
import { execScript } from './package-files.ts';
import type { CoordinatorData } from './coordinator-data.ts';

function start(data: CoordinatorData, wire: MessagePort): void {
  const host: ExecutorHost = {
    privateFds: data.privateFds,
    execScript,
    groupStarted: (pgid) => tellGuard(data.guardFd, `group ${pgid}`),
    groupEnded: (pgid) => tellGuard(data.guardFd, `ungroup ${pgid}`),
    directoryMade: (path) => tellGuard(data.guardFd, directoryLine('remove', path)),
    directoryRemoved: (path) => tellGuard(data.guardFd, directoryLine('keep', path)),
  };
  const port: Port<ShellCommand, ShellEvent> = {
    post: (command) => wire.postMessage(command),
    onMessage: (listener) => void wire.on('message', listener),
    close: () => wire.close(),
  };
  const sights = new Sights(data.seen);
  const builder = new CachingBuilder({ ...data.builder, host, sights });
  const { directory, initial, freshness, watch } = data;
  void new ShellCoordinator({ builder, directory, initial, freshness, watch, sights, port, now: Date.now }).start();
}

function tellGuard(fd: number | undefined, line: string): void {
  if (fd !== undefined) writeLine(fd, line);
}

if (parentPort !== null) start(workerData as CoordinatorData, parentPort);
