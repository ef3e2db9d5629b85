/** The shop's own lists: what setup, validation and the assistant know of it besides orders. */
import { z } from "zod";
import type { StoreProfile } from "../../core/org.ts";
import { ok, type Result } from "../../core/result.ts";
import { Currency, type Json } from "../../core/shapes.ts";
import type { Log, Unreachable } from "../../ports.ts";
import type { MagentoClient } from "./client.ts";
import { Id, orEmpty, Text } from "./fields.ts";
import { readAll, readArray, readable, readPage } from "./lists.ts";
import type { Names } from "./names.ts";

const StoreView = z.object({ id: Id, code: z.string(), name: Text, website_id: Id });
const StoreConfig = z.object({ id: Id, default_display_currency_code: Text });
const Website = z.object({ id: Id, code: z.string() });
const CustomerGroup = z.object({ id: Id, code: Text, tax_class_name: Text });
const PaidBy = z.object({ payment: orEmpty(z.object({ method: Text })) });

/** No route lists payment methods, so those of the newest orders are taken. */
const ORDERS_SAMPLED = 100;
/** The admin store has id 0; nothing is ever sold in it. */
const ADMIN = "0";

type ProfileInput = { readonly client: MagentoClient; readonly log: Log; readonly names: Names };

export async function fetchProfile({
  client,
  log,
  names,
}: ProfileInput): Promise<Result<StoreProfile, Unreachable>> {
  const storeViews = await fetchStoreViews(client);
  if (!storeViews.ok) return storeViews;
  const groups = await fetchGroups(client, log);
  if (!groups.ok) return groups;
  const methods = await fetchPaymentMethods(client);
  if (!methods.ok) return methods;
  return ok({
    storeViews: storeViews.value,
    customerGroups: groups.value,
    taxClasses: [...(names.taxClasses ?? [])],
    categories: [...(names.categories ?? [])],
    attributeSets: [...(names.attributeSets ?? [])],
    paymentMethods: methods.value,
    // Tax settings are not exposed (facts/magento.md section 4): infer nothing, read results.
    pricesIncludeTax: null,
  });
}

async function fetchStoreViews(
  client: MagentoClient,
): Promise<Result<StoreProfile["storeViews"], Unreachable>> {
  const views = await readArray(client, "store/storeViews", StoreView);
  if (!views.ok) return views;
  const configs = await readArray(client, "store/storeConfigs", StoreConfig);
  if (!configs.ok) return configs;
  const websites = await readArray(client, "store/websites", Website);
  if (!websites.ok) return websites;
  return ok(
    views.value.flatMap(({ id, code, name, website_id }) => {
      if (id === undefined || id === ADMIN) return [];
      const config = configs.value.find((candidate) => candidate.id === id);
      const website = websites.value.find((candidate) => candidate.id === website_id);
      const currency = Currency.safeParse(config?.default_display_currency_code).data ?? null;
      return [{ id, code, name: name ?? code, website: website?.code ?? null, currency }];
    }),
  );
}

async function fetchGroups(
  client: MagentoClient,
  log: Log,
): Promise<Result<StoreProfile["customerGroups"], Unreachable>> {
  const rows = await readAll(client, "customerGroups/search");
  if (rows.ok) return ok(toGroups(rows.value));
  if (rows.error.kind !== "unauthorised" && rows.error.kind !== "notFound") return rows;
  log("magento.listUnreadable", { list: "customerGroups/search", cause: rows.error.kind });
  return ok([]);
}

const toGroups = (rows: readonly Json[]): StoreProfile["customerGroups"] =>
  readable(rows, CustomerGroup).flatMap(({ id, code, tax_class_name }) =>
    id === undefined || code === null ? [] : [{ id, name: code, taxClass: tax_class_name }],
  );

async function fetchPaymentMethods(client: MagentoClient): Promise<Result<string[], Unreachable>> {
  const page = await readPage(client, "orders", {
    sort: [{ field: "entity_id", direction: "DESC" }],
    pageSize: ORDERS_SAMPLED,
    fields: "items[payment[method]],total_count,search_criteria",
  });
  if (!page.ok) return page;
  const methods = readable(page.value.items, PaidBy).flatMap(({ payment }) => payment.method ?? []);
  return ok([...new Set(methods)].sort());
}
