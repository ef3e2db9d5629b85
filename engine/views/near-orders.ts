/** The message for an order number that nobody knows: it names the nearest ones, since numbers are typed by hand. */
import { and, desc, eq, sql } from "drizzle-orm";
import { records } from "../adapters/postgres/schema.ts";
import type { EngineError } from "../api.ts";
import type { Context } from "../context.ts";
import { nearestOf } from "../core/nearest.ts";

const CANDIDATES_MAX = 200;
const NUMBER_SHOWN_MAX = 50;

export async function nearOrders({ db }: Context, connection: string, order: string): Promise<EngineError> {
  const rows = await db
    .select({ number: records.number })
    .from(records)
    .where(and(eq(records.connectionId, connection), sql`${records.placedAt} is not null`))
    .orderBy(desc(records.placedAt), desc(records.id))
    .limit(CANDIDATES_MAX);
  const near = nearestOf(
    order,
    rows.map(({ number }) => number),
  );
  const hint = near.length === 0 ? "No order has been read yet." : `Near it: ${near.join(", ")}.`;
  return { kind: "notFound", message: `There is no order ${order.slice(0, NUMBER_SHOWN_MAX)}. ${hint}` };
}
