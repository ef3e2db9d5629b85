/**
 * The sweep: every order that has changed in the store since the last one, whatever events were lost. It goes by the last
 * change seen rather than by page numbers, since an order that changes meanwhile moves to the end and shifts the pages.
 */
import { never } from "../core/assert.ts";
import type { MappingSpec } from "../core/mapping.ts";
import { e4Of } from "../core/money.ts";
import { ok, type Result } from "../core/result.ts";
import type { CanonicalSale } from "../core/sale.ts";
import type { Json } from "../core/shapes.ts";
import type { SalesSource, Unreachable } from "../ports.ts";
import type { SyncContext } from "./context.ts";
import { enqueue } from "./enqueue.ts";
import { bindingOf } from "./mirrors.ts";
import { observe } from "./observe.ts";

export type SweepReport = { readonly seen: number; readonly enqueued: number; readonly held: number };

const PAGES_MAX = 1_000;

export async function sweep(
  context: SyncContext,
  connection: string,
): Promise<Result<SweepReport, Unreachable>> {
  const { records, clock, settings } = context;
  const startedAt = clock.now();
  const { passedTo } = await records.sweep(connection);
  const from = (passedTo ?? startedAt).getTime() - settings.sweepOverlapMs;
  const { source } = await context.ends(await bindingOf(context, connection));
  const changed = await changedOrders(source, new Date(from).toISOString(), settings.sweepPageSize);
  if (!changed.ok) return changed;
  const report = { seen: 0, enqueued: 0, held: 0 };
  for (const number of changed.value) {
    const outcome = await sweepOrder(context, connection, number);
    if (!outcome.ok) return outcome;
    report.seen += 1;
    if (outcome.value !== "waits") report[outcome.value] += 1;
  }
  // Only now: a sweep that was cut short starts again where it started.
  await records.saveSweep(connection, startedAt, clock.now());
  context.log("sweep.done", { connection, ...report });
  return ok(report);
}

/** Numbers of all orders changed since an instant, oldest change first, each once. */
async function changedOrders(
  source: SalesSource,
  from: string,
  pageSize: number,
): Promise<Result<ReadonlySet<string>, Unreachable>> {
  const numbers = new Set<string>();
  let [since, page] = [from, 1];
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const answer = await source.fetchChanged({ since, page, pageSize });
    if (!answer.ok) return answer;
    const { orders } = answer.value;
    for (const order of orders) {
      const number = textOf(order, "increment_id");
      if (number !== undefined) numbers.add(number);
    }
    if (orders.length < pageSize) break;
    const last = instantOf(textOf(orders.at(-1) ?? null, "updated_at"));
    // A whole page of one second: only then is the next page of the same query asked for.
    [since, page] = last === undefined || last === since ? [since, page + 1] : [last, 1];
  }
  return ok(numbers);
}

async function sweepOrder(
  context: SyncContext,
  connection: string,
  number: string,
): Promise<Result<"enqueued" | "held" | "waits", Unreachable>> {
  const record = await observe(context, connection, number);
  if (!record.ok) return record.error.kind === "notFound" ? ok("waits") : record;
  const newest = await context.records.spec(connection);
  if (record.value.sale === null) return ok("held");
  if (newest === undefined || !isTriggered(record.value.sale, newest.spec)) return ok("waits");
  const outcome = await enqueue(context, record.value, { retry: false });
  if (outcome.ok) return ok("enqueued");
  return outcome.error.kind === "held" ? ok("held") : { ok: false, error: outcome.error.cause };
}

/** Whether the order has come as far as the spec wants it posted. */
export function isTriggered(sale: CanonicalSale, { settings: { trigger } }: MappingSpec): boolean {
  // Nothing more will happen to it: either there is nothing to book, or what was booked is taken back.
  if (sale.state === "canceled") return true;
  switch (trigger) {
    case "placed":
      return true;
    case "paid":
      return e4Of(sale.totals.paid) > 0n;
    case "shipped":
      return sale.shipments.length > 0 || (sale.virtual && sale.state === "complete");
    case "complete":
      return sale.state === "complete";
    default:
      return never(trigger);
  }
}

function textOf(order: Json, key: string): string | undefined {
  if (order === null || typeof order !== "object" || Array.isArray(order)) return undefined;
  const value = order[key];
  return typeof value === "string" ? value : undefined;
}

/** Magento spells instants as `2026-11-24 15:08:00`, in UTC. */
const instantOf = (text: string | undefined): string | undefined =>
  text === undefined || Number.isNaN(Date.parse(`${text.replace(" ", "T")}Z`))
    ? undefined
    : new Date(`${text.replace(" ", "T")}Z`).toISOString();
