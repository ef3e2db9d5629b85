/** Orders as the shop knows them, with what became of each: from the database, or read from the store where it has not been. */
import { and, desc, eq, isNotNull, isNull, lt, type SQL, sql } from "drizzle-orm";
import { recordStates, records } from "../adapters/postgres/schema.ts";
import type { OrderRow, OrderView, Outcome, Page } from "../api.ts";
import { type Context, connectionOf, limitOf, upstreamError } from "../context.ts";
import { err, ok } from "../core/result.ts";
import type { RecordState } from "../core/state.ts";
import { type Position, pageOf, readCursor, readInstant } from "./cursor.ts";
import { nearOrders } from "./near-orders.ts";
import { observeRecent } from "./observe-recent.ts";
import { amountText, recordViews } from "./record-views.ts";

/** From the record; an order without one is read from the store and not saved. */
export async function order(context: Context, connection: string, number: string): Outcome<OrderView> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const found = await context.records.find(connection, { number });
  if (found !== undefined) {
    const [view] = await recordViews(context, [found.id]);
    return ok({ sale: found.sale, hold: view?.hold ?? found.hold, record: view ?? null });
  }
  const read = await context.sync.readOrder(connection, number);
  if (!read.ok && read.error.kind === "notFound") return err(await nearOrders(context, connection, number));
  if (!read.ok) return err(upstreamError(read.error, `Order ${number}`));
  const { sale } = read.value;
  return ok(
    sale.ok ? { sale: sale.value, hold: null, record: null } : { sale: null, hold: sale.error, record: null },
  );
}

export type OrderQuery = {
  readonly state?: RecordState;
  readonly text?: string;
  readonly limit: number;
  readonly cursor?: string;
};

/** Newest first by the date of the order; those that could not be read have none and come last. */
export async function searchOrders(
  context: Context,
  connection: string,
  query: OrderQuery,
): Outcome<Page<OrderRow>> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const position = readCursor(query.cursor);
  if (!position.ok) return position;
  const limit = limitOf(context, query.limit);
  const filters = filtersOf(connection, query);
  let total = await context.db.$count(records, filters);
  if (total === 0 && (await readFirst(context, connection)))
    total = await context.db.$count(records, filters);
  const rows = await rowsAfter(context, filters, { position: position.value, limit: limit + 1 });
  const page = pageOf(rows, limit, (row) => [row.placedAt?.toISOString() ?? null, row.id]);
  return ok({ items: page.rows.map(orderRow), nextCursor: page.nextCursor, total });
}

/** A store that has never been observed shows its latest orders; whether any came. */
async function readFirst(context: Context, connection: string): Promise<boolean> {
  const isNew = (await context.db.$count(records, eq(records.connectionId, connection))) === 0;
  if (!isNew) return false;
  const recent = await observeRecent(context, connection);
  return recent.ok && recent.value.observed > 0;
}

// One look-up by key for each row that is looked at, instead of the states of every record.
const state = sql<RecordState>`(select ${recordStates.state} from ${recordStates} where ${recordStates.recordId} = ${records.id})`;

function filtersOf(connection: string, { state: wanted, text }: OrderQuery): SQL | undefined {
  const words = (text ?? "").trim();
  const pattern = `%${words.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return and(
    eq(records.connectionId, connection),
    wanted === undefined ? undefined : sql`${state} = ${wanted}`,
    words === ""
      ? undefined
      : sql`(${records.number} ilike ${pattern} or ${records.paymentMethod} ilike ${pattern})`,
  );
}

/** Dated orders and then the others: each is a walk along an index, where one order over both would be a sort of all. */
async function rowsAfter(
  context: Context,
  filters: SQL | undefined,
  { position, limit }: { readonly position: Position | undefined; readonly limit: number },
) {
  const placed = readInstant(position?.[0] ?? null);
  const afterDated =
    placed === null
      ? undefined
      : sql`(${records.placedAt}, ${records.id}) < (${placed.toISOString()}::timestamptz, ${position?.[1]})`;
  const isPastDated = position !== undefined && placed === null;
  const dated = isPastDated
    ? []
    : await orderRows(context, and(filters, isNotNull(records.placedAt), afterDated), limit);
  if (dated.length === limit) return dated;
  const afterUndated = isPastDated ? lt(records.id, position[1]) : undefined;
  const undated = and(filters, isNull(records.placedAt), afterUndated);
  return [...dated, ...(await orderRows(context, undated, limit - dated.length))];
}

const orderRows = ({ db }: Context, where: SQL | undefined, limit: number) =>
  db
    .select({
      id: records.id,
      number: records.number,
      placedAt: records.placedAt,
      storeState: records.storeState,
      currency: records.currency,
      total: records.total,
      paymentMethod: records.paymentMethod,
      hold: records.hold,
      state,
    })
    .from(records)
    .where(where)
    .orderBy(desc(records.placedAt), desc(records.id))
    .limit(limit);

const orderRow = (row: Awaited<ReturnType<typeof orderRows>>[number]): OrderRow => ({
  order: row.number,
  placedAt: row.placedAt?.toISOString() ?? null,
  state: row.state,
  storeState: row.storeState,
  currency: row.currency,
  total: amountText(row.total),
  paymentMethod: row.paymentMethod,
  hold: row.hold?.hold ?? null,
});
