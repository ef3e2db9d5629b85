/** Mirrors of the organisation, the shop and its catalogue, and how far the sweep has come. */
import { and, eq, inArray, sql } from "drizzle-orm";
import type { Json } from "../../core/shapes.ts";
import type { Mirrored, Records } from "../../ports.ts";
import type { Db } from "./open.ts";
import { catalogueProducts, mirrors, sweeps } from "./schema.ts";
import { isStoredOrg } from "./stored.ts";

type MirrorStore = Pick<
  Records,
  "mirror" | "saveMirror" | "products" | "saveProducts" | "sweep" | "saveSweep"
>;

export function createMirrorStore(db: Db): MirrorStore {
  return {
    mirror: async <Kind extends keyof Mirrored>(connection: string, kind: Kind) => {
      const [row] = await db
        .select()
        .from(mirrors)
        .where(and(eq(mirrors.connectionId, connection), eq(mirrors.kind, kind)));
      if (row === undefined || (kind === "org" && !isStoredOrg(row.content))) return undefined;
      return { content: row.content as unknown as Mirrored[Kind], asOf: row.asOf };
    },
    saveMirror: async (connection, kind, content, asOf) => {
      const row = { content: content as unknown as Json, asOf };
      await db
        .insert(mirrors)
        .values({ connectionId: connection, kind, ...row })
        .onConflictDoUpdate({ target: [mirrors.connectionId, mirrors.kind], set: row });
    },
    products: async (connection, skus) => {
      if (skus.length === 0) return new Map();
      const found = await db
        .select()
        .from(catalogueProducts)
        .where(
          and(eq(catalogueProducts.connectionId, connection), inArray(catalogueProducts.sku, [...skus])),
        );
      return new Map(found.map(({ sku, product, asOf }) => [sku, { product, asOf }]));
    },
    saveProducts: async (connection, products, asOf) => {
      if (products.size === 0) return;
      // In the order of skus, so that two writers of the same products cannot wait for each other.
      const entries = [...products].sort(([a], [b]) => (a < b ? -1 : 1));
      await db
        .insert(catalogueProducts)
        .values(entries.map(([sku, product]) => ({ connectionId: connection, sku, product, asOf })))
        .onConflictDoUpdate({
          target: [catalogueProducts.connectionId, catalogueProducts.sku],
          set: { product: sql`excluded.product`, asOf },
        });
    },
    sweep: async (connection) => {
      const [row] = await db.select().from(sweeps).where(eq(sweeps.connectionId, connection));
      return { passedTo: row?.passedTo ?? null };
    },
    saveSweep: async (connection, passedTo, at) => {
      await db
        .insert(sweeps)
        .values({ connectionId: connection, passedTo, ranAt: at })
        .onConflictDoUpdate({ target: sweeps.connectionId, set: { passedTo, ranAt: at } });
    },
  };
}
