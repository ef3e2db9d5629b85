/**
 * Delivery of one connection: look up what is in doubt, then waves of batches. Safe beside any number of other deliveries of
 * the same connection: claims are disjoint, and every move is fenced by its batch.
 */
import { assert } from "../core/assert.ts";
import type { Resource } from "../core/plan.ts";
import type { Batch } from "../ports.ts";
import type { SyncContext } from "./context.ts";
import { bindingOf } from "./mirrors.ts";
import { fillReceipts } from "./receipts.ts";
import { recover } from "./recover.ts";
import type { Run } from "./run.ts";
import { sendBatch } from "./send.ts";
import { lookUpFirst } from "./settle.ts";
import { NUMBERLESS, SINGLE, WAVES } from "./waves.ts";
import { budgeted } from "./with-budget.ts";

/** A run ends after so long and is woken again, so that its job never expires. */
const RUN_MS_MAX = 60_000;

export type DeliveryReport = {
  readonly delivered: number;
  readonly refused: number;
  readonly held: number;
  /** The ledger or the budget asked for a pause until then. */
  readonly pausedUntil: Date | null;
  /** Whether the run ended before everything that was ready had been sent. */
  readonly more: boolean;
};

export async function deliver(
  context: SyncContext,
  connection: string,
  options: { readonly shouldStop?: () => boolean } = {},
): Promise<DeliveryReport> {
  const binding = await bindingOf(context, connection);
  const { ledger } = await context.ends(binding);
  const run: Run = {
    context,
    connection,
    ledger: budgeted(context, ledger, binding),
    counts: { delivered: 0, refused: 0, held: 0 },
    pausedUntil: null,
    singly: 0,
  };
  const endsMs = context.clock.now().getTime() + RUN_MS_MAX;
  const isOver = () => (options.shouldStop?.() ?? false) || context.clock.now().getTime() >= endsMs;
  await recover(run);
  let progressed = true;
  while (progressed && run.pausedUntil === null && !isOver()) {
    progressed = false;
    for (const resource of WAVES) progressed = (await deliverWave(run, resource, isOver)) || progressed;
  }
  const report = {
    ...run.counts,
    pausedUntil: run.pausedUntil,
    more: progressed && run.pausedUntil === null,
  };
  if (report.delivered + report.refused + report.held > 0 || report.pausedUntil !== null) {
    context.log("delivery.ran", { connection, ...run.counts, paused: report.pausedUntil !== null });
  }
  return report;
}

/** Batches of one resource until none is ready. Answers whether anything was sent. */
async function deliverWave(run: Run, resource: Resource, isOver: () => boolean): Promise<boolean> {
  let sent = false;
  while (run.pausedUntil === null && !isOver()) {
    const batch = await claim(run, resource);
    if (batch === undefined) break;
    sent = true;
    // What the ledger has already is never sent.
    const ready = NUMBERLESS.has(resource) ? await lookUpFirst(run, batch) : true;
    if (ready) await sendBatch(run, batch);
  }
  return sent;
}

async function claim(run: Run, resource: Resource): Promise<Batch | undefined> {
  const { context, connection } = run;
  const { settings, outbox, ids, clock } = context;
  const batch = await outbox.claim({
    connection,
    resource,
    limit: run.singly > 0 || SINGLE.has(resource) ? 1 : settings.batchSize,
    bytesMax: settings.batchBytes,
    batchId: ids.next(),
    // The budget may hold the request back before its own time starts.
    timeoutMs: settings.callTimeoutMs + settings.budgetWaitMs,
    at: clock.now(),
    freeze: fillReceipts,
  });
  if (batch !== undefined) run.singly = Math.max(0, run.singly - 1);
  assert(batch === undefined || batch.members.length > 0, "a batch has members");
  return batch;
}
