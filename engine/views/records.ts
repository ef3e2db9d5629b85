/** One record, and the list of those that wait for a person. */
import { and, desc, eq, inArray, isNotNull, or, sql } from "drizzle-orm";
import { documents, recordDocuments, records } from "../adapters/postgres/schema.ts";
import type { Outcome, Page, RecordView } from "../api.ts";
import { type Context, connectionOf, limitOf } from "../context.ts";
import { err, ok } from "../core/result.ts";
import type { DocumentState } from "../core/state.ts";
import { pageOf, readCursor, readInstant } from "./cursor.ts";
import { nearOrders } from "./near-orders.ts";
import { recordViews } from "./record-views.ts";

export async function record(context: Context, connection: string, order: string): Outcome<RecordView> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const found = await context.records.find(connection, { number: order });
  if (found === undefined) return err(await nearOrders(context, connection, order));
  const [view] = await recordViews(context, [found.id]);
  return view === undefined ? err(await nearOrders(context, connection, order)) : ok(view);
}

/** The three worst states of a record (core/state.ts): it is in one of them when it or one of its documents is. */
const WAITING = ["held", "failed", "uncertain"] as const satisfies readonly DocumentState[];

export async function failed(
  context: Context,
  connection: string,
  query: { readonly limit: number; readonly cursor?: string },
): Outcome<Page<RecordView>> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const position = readCursor(query.cursor);
  if (!position.ok) return position;
  const limit = limitOf(context, query.limit);
  const waits = waitsForPerson(context, connection);
  const [key, id] = position.value ?? [null, ""];
  const after = readInstant(key);
  const rows = await context.db
    .select({ id: records.id, changedAt: records.changedAt })
    .from(records)
    .where(
      and(
        waits,
        after === null
          ? undefined
          : sql`(${records.changedAt}, ${records.id}) < (${after.toISOString()}::timestamptz, ${id})`,
      ),
    )
    .orderBy(desc(records.changedAt), desc(records.id))
    .limit(limit + 1);
  const page = pageOf(rows, limit, (row) => [row.changedAt.toISOString(), row.id]);
  const items = await recordViews(
    context,
    page.rows.map((row) => row.id),
  );
  return ok({ items, nextCursor: page.nextCursor, total: await context.db.$count(records, waits) });
}

function waitsForPerson({ db }: Context, connection: string) {
  const withWaiting = db
    .select({ id: recordDocuments.recordId })
    .from(documents)
    .innerJoin(recordDocuments, eq(recordDocuments.documentId, documents.id))
    .where(and(eq(documents.connectionId, connection), inArray(documents.state, [...WAITING])));
  return and(
    eq(records.connectionId, connection),
    or(isNotNull(records.hold), inArray(records.id, withWaiting)),
  );
}
