/** "Books complete as of": no order placed before that instant is missing in the ledger without a person having meant it. */
import { sql } from "drizzle-orm";
import { rows } from "../adapters/postgres/open.ts";
import type { Context } from "../context.ts";
import type { Hold } from "../core/hold.ts";

/** Holds that somebody meant: an approved rule, the cut-over date, or an order that is nothing to book. */
const MEANT: readonly Hold[] = ["ruleHolds", "beforeCutOver", "orderCancelled", "nothingToPost"];

// A contact that went out alone makes its record posted, and the order is still missing.
const hasInvoice = sql`exists (select 1 from record_documents rd join documents d on d.id = rd.document_id
  where rd.record_id = r.id and d.resource = 'Invoices')`;

/**
 * Null when it is not known: until the sweep has passed over the store, orders may exist that nobody has seen. Otherwise
 * how far the sweep has come, or the date of the oldest order that is still on its way, unplanned or in trouble.
 */
export async function completeAsOf({ db, records }: Context, connection: string): Promise<string | null> {
  const { passedTo } = await records.sweep(connection);
  if (passedTo === null) return null;
  const meant = sql.join(
    MEANT.map((hold) => sql`${hold}`),
    sql`, `,
  );
  const [row] = await rows<{ oldest: string | Date | null; undated: boolean | null }>(
    db,
    sql`select min(r.placed_at) as oldest, bool_or(r.placed_at is null) as undated
        from records r join record_states s on s.record_id = r.id
        where r.connection_id = ${connection} and s.connection_id = ${connection}
          and s.state <> 'skipped' and not (s.state = 'posted' and ${hasInvoice})
          and not (r.hold is not null and r.hold->>'hold' in (${meant}))`,
  );
  // An order that could not even be read may be of any date.
  if (row?.undated === true) return null;
  const oldest = row?.oldest ?? null;
  return oldest === null ? passedTo.toISOString() : earlier(new Date(oldest), passedTo).toISOString();
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
