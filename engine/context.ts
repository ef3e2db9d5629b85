/** What views and decisions work with: one database, the shell of the engine, and the connections of this process. */
import type { Database, Db } from "./adapters/postgres/open.ts";
import type { ConnectionInfo, EngineError, Outcome } from "./api.ts";
import { err, ok, type Result } from "./core/result.ts";
import type { ImportOrders } from "./demo-import.ts";
import type { Budget, Clock, Ids, Ledger, Log, Records, SalesSource, Unreachable } from "./ports.ts";
import type { Sync } from "./sync/index.ts";

/** What a ledger's answer says is left of its day; some answers say nothing. */
export type CallsLeft = { readonly dayLeft?: number };

/** A store bound to a ledger organisation, with the ports that reach both. `connect` makes one from credentials. */
export type Connection = {
  readonly info: ConnectionInfo;
  /** Lasting name of the store, part of every delivery key: never a URL with a port, never changed. */
  readonly storeId: string;
  /** Lasting name of the ledger organisation (Xero: the tenant id), part of every delivery key, never changed. */
  readonly organisationId: string;
  readonly source: SalesSource;
  /** Called once, by createEngine: what the ledger says of its own limits goes to the budget that all workers share. */
  readonly openLedger: (told: (left: CallsLeft) => void) => Ledger;
  /** Only a demo store has one: puts Magento order JSON into it and answers the order numbers. */
  readonly importOrders: ImportOrders | null;
};

export type EngineSettings = {
  /** Past orders that prove a proposal. */
  readonly replayOrdersMax: number;
  /** Largest page of any list. */
  readonly pageMax: number;
  readonly proposalDays: number;
  /** Orders that are read from a store that has not been observed yet. */
  readonly recentOrders: number;
};

export const ENGINE_SETTINGS: EngineSettings = {
  replayOrdersMax: 500,
  pageMax: 200,
  proposalDays: 14,
  recentOrders: 50,
};

export type Context = {
  readonly database: Database;
  readonly db: Db;
  readonly connections: ReadonlyMap<string, Connection>;
  readonly sync: Sync;
  readonly records: Records;
  readonly budget: Budget;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly settings: EngineSettings;
  /** Deliveries that requests have started in this process; `stop` waits for them. */
  readonly deliveries: Set<Promise<unknown>>;
  /** Readings of a store's newest orders that are under way, by connection. */
  readonly readings: Map<string, Outcome<{ readonly observed: number; readonly total: number }>>;
  /** How many different people may decide: with two or more, nobody approves their own production change. */
  readonly deciders: () => Promise<number>;
};

export function connectionOf({ connections }: Context, id: string): Result<Connection, EngineError> {
  const connection = connections.get(id);
  if (connection !== undefined) return ok(connection);
  const known = [...connections.keys()].join(", ") || "none";
  return err({ kind: "unknownConnection", message: `There is no connection "${id}". Known: ${known}.` });
}

/** What a failed call to the store or the ledger means to the person who asked. */
export function upstreamError(cause: Unreachable, about: string): EngineError {
  if (cause.kind === "notFound") return { kind: "notFound", message: `${about}: ${cause.detail}` };
  const why =
    cause.kind === "rateLimited"
      ? `asked to wait ${cause.retryAfterSeconds} seconds (${cause.problem})`
      : `did not answer (${cause.detail})`;
  return { kind: "upstream", message: `${about}: the other side ${why}.`, cause };
}

/** A page size within the limit; nonsense becomes one. */
export const limitOf = ({ settings }: Context, limit: number): number =>
  Math.min(Math.max(Math.trunc(limit) || 1, 1), settings.pageMax);
