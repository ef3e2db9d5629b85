/** Published mappings: immutable versions, newest first. */
import { and, desc, eq, lt } from "drizzle-orm";
import { specs as specsTable } from "../adapters/postgres/schema.ts";
import { storedSpec } from "../adapters/postgres/stored.ts";
import type { Outcome, Page, Spec } from "../api.ts";
import { type Context, connectionOf, limitOf } from "../context.ts";
import { err, ok } from "../core/result.ts";
import { pageOf, readCursor } from "./cursor.ts";

export const NO_MAPPING =
  "No mapping has been approved for this connection. Run setup and approve its proposal first.";

export async function currentSpec(context: Context, connection: string): Outcome<Spec> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const [row] = await specRows(context, connection, null, 1);
  return row === undefined ? err({ kind: "noMapping", message: NO_MAPPING }) : ok(specOf(row));
}

export async function specVersion(context: Context, connection: string, version: number): Outcome<Spec> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const [row] = await context.db
    .select()
    .from(specsTable)
    .where(and(eq(specsTable.connectionId, connection), eq(specsTable.version, version)));
  if (row !== undefined) return ok(specOf(row));
  const [newest] = await specRows(context, connection, null, 1);
  if (newest === undefined) return err({ kind: "noMapping", message: NO_MAPPING });
  return err({
    kind: "notFound",
    message: `There is no mapping version ${version}; the newest is ${newest.version}.`,
  });
}

export async function specs(
  context: Context,
  connection: string,
  query: { readonly limit: number; readonly cursor?: string },
): Outcome<Page<Spec>> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const position = readCursor(query.cursor);
  if (!position.ok) return position;
  const limit = limitOf(context, query.limit);
  const before = position.value === undefined ? null : versionOf(position.value[1]);
  const rows = await specRows(context, connection, before, limit + 1);
  const page = pageOf(rows, limit, (row) => [null, String(row.version)]);
  return ok({
    items: page.rows.map(specOf),
    nextCursor: page.nextCursor,
    total: await context.db.$count(specsTable, eq(specsTable.connectionId, connection)),
  });
}

/** A version number of a cursor; one that was edited by hand begins at the first page. */
const versionOf = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null);

type SpecRow = typeof specsTable.$inferSelect;

const specRows = (
  { db }: Context,
  connection: string,
  before: number | null,
  limit: number,
): Promise<SpecRow[]> =>
  db
    .select()
    .from(specsTable)
    .where(
      and(
        eq(specsTable.connectionId, connection),
        before === null ? undefined : lt(specsTable.version, before),
      ),
    )
    .orderBy(desc(specsTable.version))
    .limit(limit);

const specOf = ({ version, spec, publishedAt, publishedBy, note, proposalId }: SpecRow): Spec => ({
  version,
  spec: storedSpec(spec),
  publishedAt: publishedAt.toISOString(),
  publishedBy,
  note,
  proposalId,
});
