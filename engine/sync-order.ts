/** One order now: read it, plan it by the approved mapping, queue its documents, and wait a while for their delivery. */
import type { EngineError, Outcome, SyncOutcome } from "./api.ts";
import { type Context, connectionOf, upstreamError } from "./context.ts";
import { never } from "./core/assert.ts";
import { err, ok } from "./core/result.ts";
import { heldError } from "./held.ts";
import type { SourceRecord } from "./ports.ts";
import type { EnqueueRefusal } from "./sync/index.ts";
import { nearOrders } from "./views/near-orders.ts";
import { record as recordView } from "./views/records.ts";
import { currentSpec } from "./views/specs.ts";

/** A caller that waits longer has forgotten that it waits. */
const WAIT_MS_MAX = 600_000;

export type SyncRequest = {
  readonly number: string;
  readonly waitMs: number;
  /** Whether refused documents go out again although nothing about them has changed. */
  readonly retry: boolean;
};

export async function syncOrder(
  context: Context,
  connection: string,
  { number, waitMs, retry }: SyncRequest,
): Outcome<SyncOutcome> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const spec = await currentSpec(context, connection);
  if (!spec.ok) return spec;
  const record = await observed(context, connection, number);
  if (!record.ok) return record;
  const queued = await context.sync.enqueue(record.value, { retry });
  if (!queued.ok) return err(refusalError(number, queued.error));
  const settled = await delivered(context, connection, { record: record.value.id, waitMs });
  const view = await recordView(context, connection, record.value.number);
  return view.ok ? ok({ order: view.value.order, record: view.value, settled }) : view;
}

/** Again for a record that we have; an order that was never seen is synced, not retried. */
export async function retryOrder(
  context: Context,
  connection: string,
  request: Omit<SyncRequest, "retry">,
): Outcome<SyncOutcome> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const record = await context.records.find(connection, { number: request.number });
  if (record === undefined) return err(await nearOrders(context, connection, request.number));
  return syncOrder(context, connection, { ...request, retry: true });
}

async function observed(context: Context, connection: string, number: string): Outcome<SourceRecord> {
  const record = await context.sync.observe(connection, number);
  if (record.ok) return record;
  if (record.error.kind === "notFound") return err(await nearOrders(context, connection, number));
  return err(upstreamError(record.error, `Order ${number}`));
}

function refusalError(number: string, refusal: EnqueueRefusal): EngineError {
  switch (refusal.kind) {
    case "held":
      return heldError(number, refusal.held);
    case "upstream":
      return upstreamError(refusal.cause, "The ledger's lists");
    default:
      return never(refusal);
  }
}

/** This process delivers as well, whether or not a worker runs: claims are disjoint, so both may. */
async function delivered(
  { sync, deliveries, log }: Context,
  connection: string,
  { record, waitMs }: { readonly record: string; readonly waitMs: number },
): Promise<boolean> {
  if (waitMs > 0) {
    const delivery: Promise<unknown> = sync
      .deliverNow(connection)
      // What failed is found again by the worker, and the caller sees the state of the record.
      .catch((error: unknown) => log("delivery.crashed", { connection, name: nameOf(error) }))
      .finally(() => deliveries.delete(delivery));
    deliveries.add(delivery);
  }
  return sync.awaitSettled(record, Math.min(waitMs, WAIT_MS_MAX));
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
