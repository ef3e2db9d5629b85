/** The heavy half of an owner: database, engine, API. Loaded while the demo servers start. */
import { issueLink } from "../../api/auth/secrets.ts";
import { err, ok, type Result } from "../../engine/core/result.ts";
import {
  type ConnectionCredentials,
  type Database,
  openDatabase,
  type RunningEngine,
} from "../../engine/index.ts";
import type { Log } from "../../engine/ports.ts";
import { assembleApp, assembleEngine } from "../assemble.ts";
import type { Context } from "../command.ts";
import { type Failure, failed } from "../exit.ts";
import { type Listening, listen } from "../http-server.ts";
import { demoLimits } from "./demo-limits.ts";
import { type Folder, writeJsonFile } from "./folder.ts";
import { LOCAL_PERSON, type LocalAccess, openLocalAccess } from "./people.ts";
import type { RunFile } from "./run-file.ts";

const PORT = 4310;
const LOOPBACK = "127.0.0.1";

/** Filled as it opens, so that whoever closes knows what there is to close. */
export type OpenBooks = { database?: Database; engine?: RunningEngine; server?: Listening };

export type BooksOptions = {
  readonly context: Context;
  readonly folder: Folder;
  /** Still under way: the database opens meanwhile. */
  readonly connection: Promise<Result<ConnectionCredentials, Failure>>;
  /** Undefined: the usual one, or any free one when that is taken. */
  readonly port: number | undefined;
  readonly log: Log;
};

export type Books = {
  readonly run: RunFile;
  readonly link: string;
  readonly ledgerName: string;
  readonly stopping: AbortController;
};

export async function openBooks(
  { context, folder, connection: connecting, port: asked, log }: BooksOptions,
  opened: OpenBooks,
): Promise<Result<Books, Failure>> {
  const { clock, environment } = context;
  const url = environment.databaseUrl;
  const database = await openDatabase(url === undefined ? { dir: folder.database } : { url });
  opened.database = database;
  const connection = await connecting;
  if (!connection.ok) return connection;
  const access = await openLocalAccess(folder);
  const { auth } = access;
  const deciders = () => auth.deciders(clock.now());
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
  const server = await listenOn(app.fetch, asked);
  if (!server.ok) return server;
  opened.server = server.value;
  port = server.value.port;
  await engine.start();
  void showOrders(engine, connection.value.id, log);
  const run = runFileOf(context, port, access);
  await writeJsonFile(folder.run, run);
  const link = await issueLink(auth, LOCAL_PERSON, baseUrl(), clock);
  log("owner.started", { port, pid: process.pid });
  return ok({ run, link: link.url, ledgerName: connection.value.ledger.name, stopping });
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
