/** The frozen set of past orders that proves a proposal: which ones, at which revision. */
import { and, desc, eq, isNotNull } from "drizzle-orm";
import { records } from "../adapters/postgres/schema.ts";
import { storedSale } from "../adapters/postgres/stored.ts";
import type { Context } from "../context.ts";
import type { CanonicalSale } from "../core/sale.ts";
import { contentHash } from "../sync/delivery-key.ts";

/** Newest first. `hash` is over the ids and revisions of the records, in that order. */
export type ReplaySet = { readonly sales: readonly CanonicalSale[]; readonly hash: string };

export async function replaySet({ db, settings }: Context, connection: string): Promise<ReplaySet> {
  const rows = await db
    .select({ id: records.id, revision: records.revision, sale: records.sale })
    .from(records)
    .where(and(eq(records.connectionId, connection), isNotNull(records.sale)))
    .orderBy(desc(records.placedAt), desc(records.id))
    .limit(settings.replayOrdersMax);
  return {
    sales: rows.flatMap(({ sale }) => (sale === null ? [] : [storedSale(sale)])),
    hash: contentHash(rows.map(({ id, revision }) => [id, revision])),
  };
}

/** The set of a proposal that has no replay. */
export const NO_REPLAY_SET: ReplaySet = { sales: [], hash: contentHash([]) };
