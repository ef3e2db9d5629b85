/** Reads a store's newest orders as records without planning them: the page has something to show and the replay a set. */
import { and, eq, inArray } from "drizzle-orm";
import { records } from "../adapters/postgres/schema.ts";
import type { Outcome } from "../api.ts";
import { type Connection, type Context, connectionOf, upstreamError } from "../context.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Json } from "../core/shapes.ts";
import type { SalesSource, Unreachable } from "../ports.ts";

const EVERY_ORDER = "1970-01-01T00:00:00.000Z";
/** Most orders of one call; more is a backfill. */
const RECENT_MAX = 500;
const READS_AT_ONCE = 4;

export type Observed = { readonly observed: number; readonly total: number };

/**
 * `observed` counts the orders that were read now, `total` those that the store has. A known order is left alone. Who asks
 * while a reading of the connection is under way gets its outcome: pages that open together read the store once.
 */
export async function observeRecent(
  context: Context,
  connection: string,
  options: { readonly limit?: number } = {},
): Outcome<Observed> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const { readings, settings } = context;
  const underWay = readings.get(connection);
  if (underWay !== undefined) return underWay;
  const limit = Math.min(options.limit ?? settings.recentOrders, RECENT_MAX);
  const reading = readRecent(context, known.value, limit).finally(() => readings.delete(connection));
  readings.set(connection, reading);
  return reading;
}

async function readRecent(context: Context, { info, source }: Connection, limit: number): Outcome<Observed> {
  const connection = info.id;
  // Every order needs the shop's lists; read once before, they are not read by the first few at the same time.
  const lists = await context.sync.mirrors.profile(connection);
  if (!lists.ok) return err(upstreamError(lists.error, "The store's lists"));
  const newest = await newestNumbers(source, limit);
  if (!newest.ok) return err(upstreamError(newest.error, "The store's orders"));
  const { numbers, total } = newest.value;
  const unknown = await unknownOf(context, connection, numbers);
  let observed = 0;
  for (let at = 0; at < unknown.length; at += READS_AT_ONCE) {
    const reads = await Promise.all(
      unknown.slice(at, at + READS_AT_ONCE).map((number) => context.sync.observe(connection, number)),
    );
    observed += reads.filter((read) => read.ok).length;
    const away = reads.find((read) => !read.ok && read.error.kind !== "notFound");
    if (away !== undefined && !away.ok) return err(upstreamError(away.error, "The store's orders"));
  }
  context.log("orders.recent", { connection, observed, total });
  return ok({ observed, total });
}

/** The store lists changed orders oldest first, so the newest are on the last page, and some on the one before. */
async function newestNumbers(
  source: SalesSource,
  limit: number,
): Promise<Result<{ readonly numbers: readonly string[]; readonly total: number }, Unreachable>> {
  const query = { since: EVERY_ORDER, pageSize: limit };
  const first = await source.fetchChanged({ ...query, page: 1 });
  if (!first.ok) return first;
  const { total } = first.value;
  const last = Math.ceil(total / limit);
  const orders: Json[] = last <= 2 ? [...first.value.orders] : [];
  for (let page = Math.max(last - 1, 2); page <= last; page += 1) {
    const next = await source.fetchChanged({ ...query, page });
    if (!next.ok) return next;
    orders.push(...next.value.orders);
  }
  return ok({ numbers: [...new Set(orders.flatMap(numberOf))].slice(-limit), total });
}

function numberOf(order: Json): string[] {
  if (order === null || typeof order !== "object" || Array.isArray(order)) return [];
  const number = order.increment_id;
  return typeof number === "string" || typeof number === "number" ? [String(number)] : [];
}

async function unknownOf({ db }: Context, connection: string, numbers: readonly string[]): Promise<string[]> {
  if (numbers.length === 0) return [];
  const rows = await db
    .select({ number: records.number })
    .from(records)
    .where(and(eq(records.connectionId, connection), inArray(records.number, [...numbers])));
  const known = new Set(rows.map(({ number }) => number));
  return numbers.filter((number) => !known.has(number));
}
