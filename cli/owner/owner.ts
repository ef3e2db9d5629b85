/** The process that owns a data folder: lock, demo servers, database, engine, API; and all of it down again in order. */
import { unlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { issueLink } from "../../api/auth/secrets.ts";
import { err, ok, type Result } from "../../engine/core/result.ts";
import { type Database, openDatabase, type RunningEngine } from "../../engine/index.ts";
import type { Log } from "../../engine/ports.ts";
import { assembleApp, assembleEngine } from "../assemble.ts";
import type { Context } from "../command.ts";
import { demoConnection } from "../connections.ts";
import { type Failure, failed } from "../exit.ts";
import { type Listening, listen } from "../http-server.ts";
import { demoLimits } from "./demo-limits.ts";
import { type DemoServers, startDemoServers, stopDemoServers } from "./demo-servers.ts";
import { type Folder, folderAt, isMissing, makeFolder, writeJsonFile } from "./folder.ts";
import { type Holder, type Lock, takeLock } from "./lock.ts";
import { LOCAL_PERSON, type LocalAccess, openLocalAccess } from "./people.ts";
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

const PORT = 4310;
const LOOPBACK = "127.0.0.1";
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
  database?: Database;
  engine?: RunningEngine;
  server?: Listening;
  readonly stopping?: AbortController;
};

async function open(
  context: Context,
  options: OwnerOptions,
  log: Log,
  opened: Opened,
): Promise<Result<Owner, Failure>> {
  const { folder } = opened;
  const { environment, program, stop } = context;
  const url = environment.databaseUrl;
  const [demo, database, access] = await Promise.all([
    startDemoServers({ ...options, folder, program, stop }),
    openDatabase(url === undefined ? { dir: folder.database } : { url }),
    openLocalAccess(folder),
  ]);
  opened.database = database;
  if (!demo.ok) return demo;
  opened.demo = demo.value;
  const connection = await demoConnection(demo.value);
  if (!connection.ok) return connection;
  const { auth } = access;
  const deciders = () => auth.deciders(context.clock.now());
  const limits = await demoLimits(folder);
  const connections = [connection.value];
  const engine = await assembleEngine({ context, database, connections, limits, log, deciders });
  opened.engine = engine;
  const stopping = new AbortController();
  let port = 0;
  const baseUrl = () => `http://localhost:${port}`;
  const app = assembleApp({
    context,
    engine,
    auth,
    log,
    baseUrl,
    publicUrl: null,
    stopping: stopping.signal,
  });
  const server = await listenOn(app.fetch, options.port);
  if (!server.ok) return server;
  opened.server = server.value;
  port = server.value.port;
  await engine.start();
  void showOrders(engine, connection.value.id, log);
  const run = runFileOf(context, port, access);
  await writeJsonFile(folder.run, run);
  const link = await issueLink(auth, LOCAL_PERSON, baseUrl(), context.clock);
  log("owner.started", { port, pid: process.pid });
  return ok({
    run,
    link: link.url,
    ledgerName: connection.value.ledger.name,
    stop: async () => {
      stopping.abort();
      await close(opened, log);
    },
  });
}

/** The page shows the store's orders and a replay has a set, without anybody waiting for it. */
async function showOrders(engine: RunningEngine, connection: string, log: Log): Promise<void> {
  try {
    const seen = await engine.observeRecent(connection);
    log("owner.observed", seen.ok ? { ...seen.value } : { kind: seen.error.kind });
  } catch (error) {
    log("owner.observed", { kind: "internal", error: error instanceof Error ? error.name : typeof error });
  }
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

async function listenOn(
  fetch: Parameters<typeof listen>[0],
  asked: number | undefined,
): Promise<Result<Listening, Failure>> {
  const server = await listen(fetch, { host: LOOPBACK, port: asked ?? PORT });
  if (server.ok) return server;
  if (asked === undefined) {
    const free = await listen(fetch, { host: LOOPBACK, port: 0 });
    if (free.ok) return free;
  }
  return err(
    failed(
      "portTaken",
      `Port ${server.error.port} is taken by another program.`,
      "Choose another: --port 4320",
    ),
  );
}

const runFileOf = ({ clock, program }: Context, port: number, { token, mcpToken }: LocalAccess): RunFile => ({
  pid: process.pid,
  port,
  url: `http://${LOOPBACK}:${port}`,
  token,
  mcpToken,
  startedAt: clock.now().toISOString(),
  version: program.version,
});

async function ownedBy(folder: Folder, { pid, host, command }: Holder): Promise<Failure> {
  const run = await readRunFile(folder);
  const where = run?.pid === pid ? `, port ${run.port}` : "";
  return failed(
    "folderOwned",
    `${folder.path} is owned by process ${pid} (${command}${where}) on ${host}.`,
    `One process owns a data folder: use the running one, stop it with \`kill ${pid}\`, or choose another --data DIR.`,
  );
}
