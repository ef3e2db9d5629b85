/** The ports that the database implements, over one open database. */
import type { Budget, Ids, JobEngine, Log, Outbox, Records } from "../../ports.ts";
import { type BudgetLimits, createBudget, XERO_LIMITS } from "./budget.ts";
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
  },
): Promise<Storage> {
  const { db } = database;
  const jobs = createJobs(database, parts.log);
  await jobs.start();
  return {
    records: createRecords(db, parts.ids),
    outbox: createOutbox(db, { ids: parts.ids, wakeIn: jobs.wakeIn }),
    jobs,
    budget: createBudget(db, { ids: parts.ids, limits: parts.limits ?? (() => XERO_LIMITS) }),
    stop: () => jobs.stop(),
  };
}
