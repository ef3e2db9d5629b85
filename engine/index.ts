/**
 * The only door of the engine. A caller opens the database, connects its stores and ledgers, and gets an `Engine`:
 *
 *     const database = await openDatabase({ dir });
 *     const engine = await createEngine({
 *       database,
 *       connections: [connect({
 *         id: "demo", name: "Demo shop", environment: "sandbox",
 *         store: { id: "demo-store", url, oauth: { consumerKey, consumerSecret, accessToken, accessTokenSecret },
 *                  importUrl: `${url}/__sandbox/import` },
 *         ledger: { id: "demo-org", name: "Demo Company (UK)", apiUrl, identityUrl, clientId, clientSecret },
 *       }, { clock, log })],
 *       clock, ids, log,
 *     });
 *     await engine.observeRecent("demo");   // so that the page shows something and the first replay has a set
 *     await engine.start();                 // delivery and the sweep; `stop()` before `database.close()`
 *
 * Credentials stay in the closures of `connect`: neither the database nor a log line ever holds one.
 */
import { setTimeout } from "node:timers/promises";
import type { BudgetLimits } from "./adapters/postgres/budget.ts";
import type { Database } from "./adapters/postgres/open.ts";
import { createStorage, type Storage } from "./adapters/postgres/storage.ts";
import type { Engine, Outcome } from "./api.ts";
import { type Connection, type Context, ENGINE_SETTINGS, type EngineSettings } from "./context.ts";
import { assert } from "./core/assert.ts";
import { acceptOrder } from "./decisions/accept-order.ts";
import { resumeApproved } from "./decisions/approve-document.ts";
import { decide } from "./decisions/decide.ts";
import { proposal, proposals } from "./decisions/proposals.ts";
import { proposeDocument } from "./decisions/propose-document.ts";
import { proposeMapping } from "./decisions/propose-mapping.ts";
import { proposeSetup } from "./decisions/propose-setup.ts";
import { importOrders } from "./import-orders.ts";
import type { Clock, Ids, Log } from "./ports.ts";
import { saveConnections } from "./save-connections.ts";
import { createSync, type Ends, SYNC_SETTINGS, type SyncSettings } from "./sync/index.ts";
import { retryOrder, syncOrder } from "./sync-order.ts";
import { explain } from "./views/explain.ts";
import { observeRecent } from "./views/observe-recent.ts";
import { order, searchOrders } from "./views/orders.ts";
import { preview } from "./views/preview.ts";
import { profile } from "./views/profile.ts";
import { failed, record } from "./views/records.ts";
import { currentSpec, specs, specVersion } from "./views/specs.ts";
import { status } from "./views/status.ts";

export type { BudgetLimits } from "./adapters/postgres/budget.ts";
export { type Database, openDatabase } from "./adapters/postgres/open.ts";
export { type ConnectionCredentials, connect } from "./connect.ts";
export type { Connection, EngineSettings } from "./context.ts";
export { ConnectionChanged } from "./save-connections.ts";

export type EngineConfig = {
  /** Opened and migrated; the caller closes it after `engine.stop()`. */
  readonly database: Database;
  /** May be empty; every call then answers unknownConnection. */
  readonly connections: readonly Connection[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** How many different people may decide; without it one person is alone. */
  readonly deciders?: () => Promise<number>;
  readonly settings?: Partial<EngineSettings>;
  readonly sync?: Partial<SyncSettings>;
  /** The ledger's call limits by organisation; Xero's by default. */
  readonly limits?: (organisation: string) => BudgetLimits;
};

/** The engine, and what the demo asks of it at start. */
export type RunningEngine = Engine & {
  /** Reads the newest orders of the store as records without planning them; orders that are known are left alone. */
  observeRecent(
    connection: string,
    options?: { readonly limit?: number },
  ): Outcome<{ readonly observed: number; readonly total: number }>;
};

/**
 * Creates or updates the row of each connection. Throws ConnectionChanged when a connection of that id is bound to another
 * store or organisation: its documents would be posted a second time under new delivery keys.
 */
export async function createEngine(config: EngineConfig): Promise<RunningEngine> {
  await saveConnections(config.database.db, config.connections);
  const storage = await createStorage(config.database, {
    ids: config.ids,
    log: config.log,
    ...(config.limits && { limits: config.limits }),
  });
  const connections = new Map(config.connections.map((connection) => [connection.info.id, connection]));
  const { clock, ids, log } = config;
  const ends = new Map(config.connections.map((one) => [one.info.id, endsOf(one, storage, log)]));
  const sync = createSync({
    ...ofProcess(storage, connections),
    ...{ clock, ids, log },
    sleep: (ms) => setTimeout(ms),
    ends: async ({ id }) => {
      const both = ends.get(id);
      assert(both !== undefined, `connection ${id} is of this process`);
      return both;
    },
    settings: { ...SYNC_SETTINGS, ...config.sync },
  });
  return engineOf({
    ...{ database: config.database, db: config.database.db, connections, sync, clock, ids, log },
    records: storage.records,
    budget: storage.budget,
    settings: { ...ENGINE_SETTINGS, ...config.settings },
    deliveries: new Set(),
    readings: new Map(),
    deciders: config.deciders ?? (async () => 1),
  });
}

/** Both ends of a connection; what the ledger says of its limits reaches the budget. */
function endsOf(
  { info, organisationId, source, openLedger }: Connection,
  { budget }: Storage,
  log: Log,
): Ends {
  const ledger = openLedger(({ dayLeft }) => {
    if (dayLeft === undefined) return;
    budget.told(organisationId, { dayLeft }).catch(() => log("budget.untold", { connection: info.id }));
  });
  return { source, ledger };
}

/** Rows of connections that this process was not given stay for those that were. */
function ofProcess(
  { records, outbox, ...others }: Storage,
  connections: ReadonlyMap<string, Connection>,
): Storage {
  return {
    ...others,
    records: {
      ...records,
      bindings: async () => (await records.bindings()).filter(({ id }) => connections.has(id)),
    },
    outbox: { ...outbox, due: async (at) => (await outbox.due(at)).filter((id) => connections.has(id)) },
  };
}

const engineOf = (context: Context): RunningEngine => ({
  connections: async () => [...context.connections.values()].map(({ info }) => info),
  profile: (connection, options) => profile(context, connection, options),
  order: (connection, number) => order(context, connection, number),
  searchOrders: (connection, query) => searchOrders(context, connection, query),
  preview: (connection, number, candidate) => preview(context, connection, number, candidate),
  importOrders: (connection, orders) => importOrders(context, connection, orders),
  sync: (connection, number, { waitMs }) => syncOrder(context, connection, { number, waitMs, retry: false }),
  retry: (connection, number, { waitMs }) => retryOrder(context, connection, { number, waitMs }),
  accept: (connection, number, { waitMs }, actor) =>
    acceptOrder(context, connection, { number, waitMs, actor }),
  record: (connection, number) => record(context, connection, number),
  failed: (connection, query) => failed(context, connection, query),
  explain: (connection, number, field) => explain(context, connection, number, field),
  status: (connection) => status(context, connection),
  observeRecent: (connection, options) => observeRecent(context, connection, options),

  currentSpec: (connection) => currentSpec(context, connection),
  specs: (connection, query) => specs(context, connection, query),
  specVersion: (connection, version) => specVersion(context, connection, version),

  proposeSetup: (connection, answers, actor) => proposeSetup(context, connection, { answers, actor }),
  proposeMapping: (connection, request, actor) => proposeMapping(context, connection, { ...request, actor }),
  proposeDocument: (connection, request, actor) =>
    proposeDocument(context, connection, { ...request, actor }),
  proposal: (connection, id) => proposal(context, connection, id),
  proposals: (connection, query) => proposals(context, connection, query),
  decide: (connection, id, decision, actor) => decide(context, connection, { id, decision, actor }),

  start: async () => {
    await resumeApproved(context);
    await context.sync.start();
  },
  stop: async () => {
    await Promise.allSettled(context.deliveries);
    await context.sync.stop();
  },
});
