/** What the anomaly checks know of a store's other orders: two indexed reads, each with a limit. */
import { and, between, desc, eq, isNotNull, ne, notInArray, sql } from "drizzle-orm";
import { DUPLICATE_MINUTES, HISTORY_MAX, type SalesHistory } from "../../core/anomalies.ts";
import { e4Of, roundToCents } from "../../core/money.ts";
import type { SourceRecord } from "../../ports.ts";
import type { Db } from "./open.ts";
import { records } from "./schema.ts";

const MINUTE_MS = 60_000;
const TWINS_MAX = 5;

export async function salesHistory(db: Db, { id, connection, sale }: SourceRecord): Promise<SalesHistory> {
  if (sale === null) return { totalsCents: [], orders: 0, currencies: [], twins: [] };
  const others = and(eq(records.connectionId, connection), ne(records.id, id));
  const newest = await db
    .select({ currency: records.currency, total: records.total })
    .from(records)
    // Orders that could not be read have no date, and would stand first.
    .where(and(others, isNotNull(records.placedAt)))
    .orderBy(desc(records.placedAt), desc(records.id))
    .limit(HISTORY_MAX);
  const read = newest.flatMap(({ currency, total }) =>
    currency === null || total === null ? [] : [{ currency, total }],
  );
  const placed = new Date(sale.placedAt).getTime();
  const spanMs = DUPLICATE_MINUTES * MINUTE_MS;
  const twins = await db
    .select({ number: records.number })
    .from(records)
    .where(
      and(
        others,
        between(records.placedAt, new Date(placed - spanMs), new Date(placed + spanMs)),
        eq(records.total, sale.totals.grandTotal),
        eq(records.currency, sale.currency),
        // A first try that failed or was cancelled is no order beside its second one.
        notInArray(records.storeState, ["canceled", "pending_payment"]),
        sql`${records.sale} -> 'customer' ->> 'key' = ${sale.customer.key}`,
        // Of two orders the later one is the suspect; the first is posted.
        sql`(${records.placedAt}, ${records.number}) < (${new Date(placed).toISOString()}::timestamptz, ${sale.source.number})`,
      ),
    )
    .orderBy(records.number)
    .limit(TWINS_MAX);
  return {
    totalsCents: read
      .filter(({ currency }) => currency === sale.currency)
      .map(({ total }) => roundToCents(e4Of(total))),
    orders: read.length,
    currencies: [...new Set(read.map(({ currency }) => currency))],
    twins: twins.map(({ number }) => number),
  };
}
