/** A Magento 2 store as a SalesSource: reads orders with their documents, products and lists by REST, and never writes. */
import type { AxiosInstance } from "axios";
import { err, ok, type Result } from "../../core/result.ts";
import type { Clock, Log, RawSale, SalesSource, Unreachable } from "../../ports.ts";
import { createMagentoClient, type MagentoClient } from "./client.ts";
import { fetchDocuments } from "./fetch-documents.ts";
import { readPage } from "./lists.ts";
import { createNames } from "./names.ts";
import type { OauthCredentials } from "./oauth.ts";
import { fetchProducts } from "./products.ts";
import { fetchProfile } from "./profile.ts";
import { magentoTime } from "./search-criteria.ts";
import { toSale } from "./to-sale.ts";

export type MagentoSourceConfig = {
  /** Scheme and host, and the folder if the shop lives in one. */
  readonly baseUrl: string;
  readonly credentials: OauthCredentials;
  /** Store view code in the address; orders of all views are read either way. */
  readonly storeCode?: string;
  readonly timeoutMs?: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly http?: AxiosInstance;
};

/** Orders cost a small shop up to a second each; a page of 100 needs its time. */
const TIMEOUT_MS = 60_000;

export function createMagentoSource(config: MagentoSourceConfig): SalesSource {
  const { clock, log } = config;
  const client = createMagentoClient({ ...config, timeoutMs: config.timeoutMs ?? TIMEOUT_MS });
  const names = createNames(client, clock, log);
  return {
    fetchOrder: (number) => fetchOrder({ client, log }, number),
    fetchChanged: (query) => fetchChanged(client, query),
    fetchProducts: async (skus) => {
      if (skus.length === 0) return ok([]);
      const known = await names();
      return known.ok ? fetchProducts(client, skus, known.value) : known;
    },
    fetchProfile: async () => {
      const known = await names();
      return known.ok ? fetchProfile({ client, log, names: known.value }) : known;
    },
    readSale: toSale,
  };
}

/** By increment_id, which is unique per store only: two orders of one number are never mixed up. */
async function fetchOrder(
  shop: { readonly client: MagentoClient; readonly log: Log },
  number: string,
): Promise<Result<RawSale, Unreachable>> {
  const found = await readPage(shop.client, "orders", {
    all: [{ field: "increment_id", value: number, condition: "eq" }],
    pageSize: 2,
  });
  if (!found.ok) return found;
  const [order, other] = found.value.items;
  if (order === undefined) return err({ kind: "notFound", detail: `The store has no order ${number}.` });
  if (other !== undefined) {
    const detail = `${found.value.total} orders of different store views have the number ${number}; give each view numbers of its own in Magento.`;
    return err({ kind: "notFound", detail });
  }
  const documents = await fetchDocuments(shop, order);
  return documents.ok ? ok({ order, ...documents.value }) : documents;
}

/**
 * One page of a sweep. Rows that change meanwhile move to the end and shift the pages, so a caller that must not miss one
 * starts again at page 1 with `since` as the last updated_at that it saw (facts/magento.md section 2, "Paging pitfalls").
 */
async function fetchChanged(
  client: MagentoClient,
  { since, page, pageSize }: Parameters<SalesSource["fetchChanged"]>[0],
): ReturnType<SalesSource["fetchChanged"]> {
  const answer = await readPage(client, "orders", {
    all: [{ field: "updated_at", value: magentoTime(since), condition: "gteq" }],
    sort: [
      { field: "updated_at", direction: "ASC" },
      { field: "entity_id", direction: "ASC" },
    ],
    pageSize,
    page,
  });
  if (!answer.ok) return answer;
  const { items, total, pageSize: used } = answer.value;
  if (used !== null && used !== pageSize) {
    const detail = `The store limits pages to ${used} rows and ${pageSize} were asked for; lower the page size of the sweep.`;
    return err({ kind: "unavailable", detail });
  }
  // A page past the end is the last page again.
  return ok({ orders: (page - 1) * pageSize >= total ? [] : items, total });
}
