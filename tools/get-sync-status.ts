import { z } from "zod";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";

const Counts = z.array(z.object({ state: z.string(), count: z.int() }));

export const SyncStatus = z.object({
  environment: z.string(),
  mappingVersion: z.int().nullable().describe("null: no mapping is approved yet"),
  orders: Counts.describe("orders by bookkeeping state"),
  documents: Counts.describe("ledger documents by state"),
  queueWaiting: z.int(),
  queueOldestSeconds: z.number().nullable(),
  ledgerCallsLeftThisMinute: z.int(),
  ledgerCallsLeftToday: z.int(),
  blockedUntil: z.string().nullable().describe("the ledger asked us to wait until then"),
  completeAsOf: z.string().nullable().describe("every order changed before this is in the books or named"),
  openProposals: z.int(),
});

export const getSyncStatus = defineTool({
  name: "get_sync_status",
  title: "Read the sync status",
  description:
    "How the connection stands: orders by state, what waits in the queue, what is left of the ledger's call limits, open " +
    'proposals, and up to when the books are complete. Use it for "how many failed / are posted / are waiting?". For amounts ' +
    "of both sides use get_reconciliation; for the stuck orders themselves list_failed_records.",
  effect: "read",
  input: z.object({}),
  output: SyncStatus,
  run: async (_, { engine, connection }) => {
    const status = await engine.status(connection);
    if (!status.ok) return failed(status.error);
    const { records, documents, queue, budget, ...rest } = status.value;
    return ok({
      environment: rest.environment,
      mappingVersion: rest.specVersion,
      orders: countsOf(records),
      documents: countsOf(documents),
      queueWaiting: queue.waiting,
      queueOldestSeconds: queue.oldestSeconds,
      ledgerCallsLeftThisMinute: budget.minuteLeft,
      ledgerCallsLeftToday: budget.dayLeft,
      blockedUntil: budget.blockedUntil,
      completeAsOf: rest.completeAsOf,
      openProposals: rest.openProposals,
    });
  },
});

const countsOf = (counts: Readonly<Record<string, number | undefined>>): { state: string; count: number }[] =>
  Object.entries(counts).flatMap(([state, count]) => (count === undefined ? [] : [{ state, count }]));
