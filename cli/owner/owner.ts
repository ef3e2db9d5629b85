/** The process that owns a data folder: lock, demo servers, database, engine, API; and all of it down again in order. */
import { unlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { err, ok, type Result } from "../../engine/core/result.ts";
import type { ConnectionCredentials } from "../../engine/index.ts";
import type { Log } from "../../engine/ports.ts";
import type { Context } from "../command.ts";
import { demoConnection } from "../connections.ts";
import { type Failure, failed } from "../exit.ts";
import { type DemoServers, startDemoServers, stopDemoServers } from "./demo-servers.ts";
import { type Folder, folderAt, isMissing, makeFolder } from "./folder.ts";
import { type Holder, type Lock, takeLock } from "./lock.ts";
import type { OpenBooks } from "./open-books.ts";
import { type RunFile, readRunFile } from "./run-file.ts";

export type OwnerOptions = {
  /** Undefined: the usual one, or any free one when that is taken. */
  readonly port: number | undefined;
  readonly scenario: string | undefined;
  readonly orders: number | undefined;
  readonly seed: number | undefined;
  readonly storePort: number | undefined;
  readonly ledgerPort: number | undefined;
  readonly keepSandbox: boolean;
};

export type Owner = {
  readonly run: RunFile;
  /** Signs a person in once. */
  readonly link: string;
  readonly ledgerName: string;
  stop(): Promise<void>;
};

const FREED_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 100;

export async function startOwner(
  context: Context,
  options: OwnerOptions,
  log: Log,
): Promise<Result<Owner, Failure>> {
  const folder = folderAt(context.dataFolder);
  await makeFolder(folder);
  const command = `${context.program.name} start`;
  const lock = await takeFreedLock(folder, command, context);
  if (!lock.ok) return err(await ownedBy(folder, lock.error));
  const opened: Opened = { folder, lock: lock.value, keepSandbox: options.keepSandbox };
  try {
    const owner = await open(context, options, log, opened);
    if (!owner.ok) await close(opened, log);
    return owner;
  } catch (error) {
    await close(opened, log);
    throw error;
  }
}

/** An owner that is stopping has taken its run.json away and lets go of the lock in a moment: that is worth a wait. */
async function takeFreedLock(
  folder: Folder,
  command: string,
  { clock, stop }: Context,
): ReturnType<typeof takeLock> {
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    const lock = await takeLock(folder, command, clock);
    const isOver = waited >= FREED_WITHIN_MS || stop.aborted;
    if (lock.ok || isOver || (await readRunFile(folder))?.pid === lock.error.pid) return lock;
    await sleep(LOOK_AGAIN_MS);
  }
}

/** What is open so far, so that a start that fails half way leaves nothing behind. */
type Opened = {
  readonly folder: Folder;
  readonly lock: Lock;
  readonly keepSandbox: boolean;
  demo?: DemoServers;
} & OpenBooks;

/** Loading the engine and opening the database take as long as starting the demo servers: all of it happens at once. */
async function open(
  context: Context,
  options: OwnerOptions,
  log: Log,
  opened: Opened,
): Promise<Result<Owner, Failure>> {
  const connection = startDemo(context, options, opened);
  const { openBooks } = await import("./open-books.ts");
  const books = await openBooks({ ...opened, context, connection, port: options.port, log }, opened);
  if (!books.ok) return books;
  const { run, link, ledgerName, stopping } = books.value;
  const stop = async (): Promise<void> => {
    stopping.abort();
    await close(opened, log);
  };
  return ok({ run, link, ledgerName, stop });
}

async function startDemo(
  { program, stop }: Context,
  options: OwnerOptions,
  opened: Opened,
): Promise<Result<ConnectionCredentials, Failure>> {
  const servers = await startDemoServers({ ...options, folder: opened.folder, program, stop });
  if (!servers.ok) return servers;
  opened.demo = servers.value;
  return demoConnection(servers.value);
}

/** Ends in the order in which one depends on the other; the lock is last, so that nobody opens what is still open. */
async function close({ folder, lock, keepSandbox, ...opened }: Opened, log: Log): Promise<void> {
  await removeFile(folder.run);
  await opened.server?.close();
  await opened.engine?.stop();
  await opened.database?.close();
  if (opened.demo !== undefined && !keepSandbox) await stopDemoServers(opened.demo);
  await lock.release();
  log("owner.stopped", { pid: process.pid });
}

async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function ownedBy(folder: Folder, { pid, host, command }: Holder): Promise<Failure> {
  const run = await readRunFile(folder);
  const where = run?.pid === pid ? `, port ${run.port}` : "";
  return failed(
    "folderOwned",
    `${folder.path} is owned by process ${pid} (${command}${where}) on ${host}.`,
    `One process owns a data folder: use the running one, stop it with \`kill ${pid}\`, or choose another --data DIR.`,
  );
}
