import { z } from "zod";
import type { Engine, SyncOutcome } from "../engine/api.ts";
import { ok, type Result } from "../engine/core/result.ts";
import { defineTool, type ToolContext, type ToolFailure } from "./define.ts";
import { failed } from "./failure.ts";
import { OrderNumber, RecordSummary, recordSummary } from "./views.ts";

/** How long a call waits for the ledger's answer before it reports what is still under way. */
const WAIT_MS = 15_000;

export const Synced = z.object({
  order: z.string(),
  settled: z.boolean().describe("false: still under way; ask get_order later, do not sync again"),
  record: RecordSummary,
});

export const syncOrder = defineTool({
  name: "sync_order",
  title: "Sync an order now",
  description:
    "Reads one order and books it by the approved mapping now instead of at the next sweep. It can do nothing that the sweep " +
    "would not do, and repeating it never books twice. Use it when a person asks for one order to be booked. Not for trying out " +
    "a change (preview_order) and not for many orders (they come by themselves).",
  effect: "act",
  input: z.object({ order: OrderNumber }),
  output: Synced,
  run: ({ order }, context) => settle(order, context, (engine) => engine.sync),
});

export const retryRecord = defineTool({
  name: "retry_record",
  title: "Retry an order",
  description:
    "Tries a held or failed order again, after its cause is gone: a rule was approved, an account was added, a period was opened. " +
    "An order whose outcome is unknown is looked up first and never sent blindly. Without a change of the cause it stops again.",
  effect: "act",
  input: z.object({ order: OrderNumber }),
  output: Synced,
  run: ({ order }, context) => settle(order, context, (engine) => engine.retry),
});

async function settle(
  order: string,
  { engine, connection }: ToolContext,
  pick: (engine: Engine) => Engine["sync"],
): Promise<Result<z.input<typeof Synced>, ToolFailure>> {
  const outcome = await pick(engine).call(engine, connection, order, { waitMs: WAIT_MS });
  if (!outcome.ok) return failed(outcome.error);
  const { record, settled }: SyncOutcome = outcome.value;
  return ok({ order, settled, record: recordSummary(record) });
}
