import { z } from "zod";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";
import { Amount } from "./views.ts";

export const Reconciliation = z.object({
  totals: z.array(z.object({ currency: z.string(), store: Amount, ledger: Amount, difference: Amount })),
  posted: z.int().describe("orders in the ledger as planned"),
  drifted: z.int().describe("orders whose ledger document was changed by someone"),
  notInBooks: z
    .array(z.object({ state: z.string(), orders: z.int() }))
    .describe("orders not in the ledger, by state"),
  completeAsOf: z.string().nullable(),
});

export const getReconciliation = defineTool({
  name: "get_reconciliation",
  title: "Compare both sides",
  description:
    "Do store and ledger agree? Sums of the posted orders on both sides by currency with the difference, how many orders are not " +
    "in the books, and up to when the books are complete. Figures are the engine's: repeat them, never add or subtract.",
  effect: "read",
  input: z.object({}),
  output: Reconciliation,
  run: async (_, { engine, connection }) => {
    const status = await engine.status(connection);
    if (!status.ok) return failed(status.error);
    const { records, postedTotals, completeAsOf } = status.value;
    const notInBooks = (
      ["held", "failed", "uncertain", "received", "queued", "delivering", "skipped"] as const
    )
      .map((state) => ({ state, orders: records[state] }))
      .filter(({ orders }) => orders > 0);
    return ok({
      totals: [...postedTotals],
      posted: records.posted,
      drifted: records.drifted,
      notInBooks,
      completeAsOf,
    });
  },
});
