/** The ports that the database implements, over one open database. */
import type { Budget, Ids, JobEngine, Log, Outbox, Records } from "../../ports.ts";
import { type BudgetLimits, createBudget, endAllLeases, XERO_LIMITS } from "./budget.ts";
import { createJobs } from "./jobs.ts";
import type { Database } from "./open.ts";
import { createOutbox } from "./outbox.ts";
import { createRecords } from "./records.ts";

export type Storage = {
  readonly records: Records;
  readonly outbox: Outbox;
  readonly jobs: JobEngine;
  readonly budget: Budget;
  /** Stops the job engine; the database itself is closed by whoever opened it. */
  stop(): Promise<void>;
};

/** Starts the job engine, so that enqueueing works in processes that run no worker too. */
export async function createStorage(
  database: Database,
  parts: {
    readonly ids: Ids;
    readonly log: Log;
    /** The limits of an organisation; Xero's by default. */
    readonly limits?: (organisation: string) => BudgetLimits;
    /** How long a call may be in flight before its worker is taken for dead; longer than any timeout of a call. */
    readonly leaseMs?: number;
  },
): Promise<Storage> {
  const { db } = database;
  const { ids, log, leaseMs, limits = () => XERO_LIMITS } = parts;
  const jobs = createJobs(database, log);
  await jobs.start();
  if (database.kind === "embedded") await endAllLeases(db);
  return {
    records: createRecords(db, ids),
    outbox: createOutbox(db, { ids, wakeIn: jobs.wakeIn }),
    jobs,
    budget: createBudget(db, { ids, limits, ...(leaseMs !== undefined && { leaseMs }) }),
    stop: () => jobs.stop(),
  };
}
