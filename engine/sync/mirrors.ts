/** What we keep of the organisation, of the shop's lists and of the catalogue, so that planning costs no call. */
import { assert } from "../core/assert.ts";
import { ok, type Result } from "../core/result.ts";
import type { Binding, Catalogue, CatalogueProduct, Mirrored, Unreachable } from "../ports.ts";
import type { SyncConfig } from "./context.ts";
import { budgeted } from "./with-budget.ts";

export type Mirror<Kind extends keyof Mirrored> = { readonly content: Mirrored[Kind]; readonly asOf: Date };

export type Mirrors = {
  /** From the mirror; read again when it is old, absent or asked for. An old one serves while the ledger is away. */
  org(
    connection: string,
    options?: { readonly refresh?: boolean },
  ): Promise<Result<Mirror<"org">, Unreachable>>;
  profile(
    connection: string,
    options?: { readonly refresh?: boolean },
  ): Promise<Result<Mirror<"profile">, Unreachable>>;
  items(
    connection: string,
    options?: { readonly refresh?: boolean },
  ): Promise<Result<Mirror<"items">, Unreachable>>;
  /** The products of some skus, with the shop's lists; what the mirror lacks is fetched once. */
  catalogue(connection: string, skus: readonly string[]): Promise<Result<Catalogue, Unreachable>>;
};

/** The store is asked for so many products at once; more are fetched in turns. */
const SKUS_PER_CALL = 50;

export function createMirrors(config: Omit<SyncConfig, "jobs" | "outbox">): Mirrors {
  const mirrored = async <Kind extends keyof Mirrored>(
    connection: string,
    kind: Kind,
    refresh: boolean,
    fetch: (binding: Binding) => Promise<Result<Mirrored[Kind], Unreachable>>,
  ): Promise<Result<Mirror<Kind>, Unreachable>> => {
    const { records, clock, settings } = config;
    const known = await records.mirror(connection, kind);
    const now = clock.now();
    if (known && !refresh && now.getTime() - known.asOf.getTime() < settings.mirrorAgeMs) return ok(known);
    const fetched = await fetch(await bindingOf(config, connection));
    if (fetched.ok) {
      await records.saveMirror(connection, kind, fetched.value, now);
      return ok({ content: fetched.value, asOf: now });
    }
    config.log("mirror.stale", { connection, kind, cause: fetched.error.kind });
    return known && !refresh ? ok(known) : fetched;
  };

  const profile: Mirrors["profile"] = (connection, options) =>
    mirrored(connection, "profile", options?.refresh ?? false, async (binding) =>
      (await config.ends(binding)).source.fetchProfile(),
    );
  return {
    profile,
    org: (connection, options) =>
      mirrored(connection, "org", options?.refresh ?? false, async (binding) => {
        const { ledger } = await config.ends(binding);
        return budgeted(config, ledger, binding).fetchOrg();
      }),
    items: (connection, options) =>
      mirrored(connection, "items", options?.refresh ?? false, async (binding) => {
        const { ledger } = await config.ends(binding);
        return budgeted(config, ledger, binding).fetchItems();
      }),
    catalogue: async (connection, skus) => {
      const lists = await profile(connection);
      if (!lists.ok) return lists;
      const products = await productsOf(config, connection, skus);
      return products.ok ? ok({ products: products.value, profile: lists.value.content }) : products;
    },
  };
}

async function productsOf(
  config: Omit<SyncConfig, "jobs" | "outbox">,
  connection: string,
  skus: readonly string[],
): Promise<Result<ReadonlyMap<string, CatalogueProduct>, Unreachable>> {
  const { records, clock, settings } = config;
  const now = clock.now();
  const known = new Map(await records.products(connection, skus));
  const isOld = (sku: string) => {
    const entry = known.get(sku);
    return entry === undefined || now.getTime() - entry.asOf.getTime() >= settings.mirrorAgeMs;
  };
  const wanted = skus.filter(isOld);
  for (let at = 0; at < wanted.length; at += SKUS_PER_CALL) {
    const asked = wanted.slice(at, at + SKUS_PER_CALL);
    const { source } = await config.ends(await bindingOf(config, connection));
    const fetched = await source.fetchProducts(asked);
    // An old entry serves while the store is away; a sku that was never read cannot.
    if (!fetched.ok && asked.some((sku) => !known.has(sku))) return fetched;
    if (!fetched.ok) break;
    const found = new Map(fetched.value.map((product) => [product.sku, product]));
    const entries = new Map(asked.map((sku) => [sku, found.get(sku) ?? null]));
    await records.saveProducts(connection, entries, now);
    for (const [sku, product] of entries) known.set(sku, { product, asOf: now });
  }
  return ok(
    new Map([...known].flatMap(([sku, { product }]) => (product === null ? [] : [[sku, product] as const]))),
  );
}

export async function bindingOf(
  { records }: Pick<SyncConfig, "records">,
  connection: string,
): Promise<Binding> {
  const binding = await records.binding(connection);
  assert(binding !== undefined, `connection ${connection} exists`);
  return binding;
}
