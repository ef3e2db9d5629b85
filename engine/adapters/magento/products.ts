/** Products as rules need them: type, tax class, attribute set and categories by name. */
import { z } from "zod";
import type { StoreProfile } from "../../core/org.ts";
import { ok, type Result } from "../../core/result.ts";
import type { Json } from "../../core/shapes.ts";
import type { CatalogueProduct, Unreachable } from "../../ports.ts";
import type { MagentoClient } from "./client.ts";
import { Id, isRecord, listOf, orEmpty, Text } from "./fields.ts";
import { readable, readPage } from "./lists.ts";
import { type Named, type Names, NO_TAX_CLASS } from "./names.ts";
import { encode } from "./oauth.ts";
import { idOfKey, keyOfId } from "./product-key.ts";
import { FILTERS_MAX, type Search } from "./search-criteria.ts";

/** An `in` list goes into the address, and servers refuse long ones. */
const SKUS_PER_CALL = 40;
const ADDRESS_CHARS_MAX = 2_000;

const Product = z.object({
  sku: z.string().min(1),
  type_id: Text,
  attribute_set_id: Id,
  extension_attributes: orEmpty(z.object({ category_links: listOf(z.object({ category_id: Id })) })),
  custom_attributes: listOf(z.object({ attribute_code: z.string(), value: z.unknown() })),
});

/** The products of some skus, or of ids where a key is one; those that the store does not know are left out. */
export async function fetchProducts(
  client: MagentoClient,
  keys: readonly string[],
  names: Names,
): Promise<Result<readonly CatalogueProduct[], Unreachable>> {
  const unique = [...new Set(keys)].filter((key) => key !== "");
  const ids = unique.flatMap((key) => idOfKey(key) ?? []);
  const products: CatalogueProduct[] = [];
  for (const search of searchesOf(unique.filter((key) => idOfKey(key) === undefined))) {
    const page = await readPage(client, "products", search);
    if (!page.ok) return page;
    products.push(...toProducts(page.value.items, names));
  }
  for (const search of idSearches(ids)) {
    const page = await readPage(client, "products", search);
    if (!page.ok) return page;
    products.push(...byId(page.value.items, names));
  }
  return ok(products);
}

function idSearches(ids: readonly string[]): Search[] {
  return Array.from({ length: Math.ceil(ids.length / SKUS_PER_CALL) }, (_, index) => {
    const list = ids.slice(index * SKUS_PER_CALL, (index + 1) * SKUS_PER_CALL);
    return {
      all: [{ field: "entity_id", value: list.join(","), condition: "in" }],
      pageSize: list.length,
    };
  });
}

/** The comma is what separates an `in` list, so a sku with one is asked for by itself. */
function searchesOf(skus: readonly string[]): Search[] {
  const listed: string[][] = [];
  for (const sku of skus.filter((candidate) => !candidate.includes(","))) {
    const last = listed.at(-1);
    const fits =
      last !== undefined && last.length < SKUS_PER_CALL && charsOf([...last, sku]) <= ADDRESS_CHARS_MAX;
    if (fits) last.push(sku);
    else listed.push([sku]);
  }
  const single = skus.filter((sku) => sku.includes(","));
  const groups = Array.from({ length: Math.ceil(single.length / FILTERS_MAX) }, (_, index) =>
    single.slice(index * FILTERS_MAX, (index + 1) * FILTERS_MAX),
  );
  return [
    ...listed.map(
      (list): Search => ({
        all: [{ field: "sku", value: list.join(","), condition: "in" }],
        pageSize: list.length,
      }),
    ),
    ...groups.map(
      (group): Search => ({
        any: group.map((value) => ({ field: "sku", value, condition: "eq" })),
        pageSize: group.length,
      }),
    ),
  ];
}

const charsOf = (skus: readonly string[]): number => encode(skus.join(",")).length;

/** The same products under the keys of their ids. */
const byId = (rows: readonly Json[], names: Names): CatalogueProduct[] =>
  rows.flatMap((row) => {
    const [product] = toProducts([row], names);
    const id = isRecord(row) ? Id.safeParse(row.id).data : undefined;
    return product === undefined || id === undefined ? [] : [{ ...product, sku: keyOfId(id) }];
  });

/** Magento product JSON (REST rows) and the names behind its ids. */
export const toProducts = (rows: readonly Json[], names: Names): CatalogueProduct[] =>
  readable(rows, Product).map((product) => {
    const taxClassId = attribute(product.custom_attributes, "tax_class_id");
    const links = product.extension_attributes.category_links.flatMap(({ category_id }) => category_id ?? []);
    const ids = links.length > 0 ? links : attributeList(product.custom_attributes, "category_ids");
    return {
      sku: product.sku,
      type: product.type_id,
      taxClass:
        taxClassId === undefined ? null : nameOf(taxClassId, [NO_TAX_CLASS, ...(names.taxClasses ?? [])]),
      attributeSet:
        product.attribute_set_id === undefined ? null : nameOf(product.attribute_set_id, names.attributeSets),
      categories: [...new Set(ids.map((id) => nameOf(id, names.categories)))],
    };
  });

/** For a products file of the command line: the names are those of the profile. */
export const productsOfFile = (rows: readonly Json[], profile: StoreProfile): CatalogueProduct[] => [
  ...toProducts(rows, profile),
  ...byId(rows, profile),
];

/** The id stands for the name where the name cannot be read: a rule can still name it. */
const nameOf = (id: string, names: readonly Named[] | null): string =>
  names?.find((candidate) => candidate.id === id)?.name ?? id;

type Attributes = z.infer<typeof Product>["custom_attributes"];

function attribute(attributes: Attributes, code: string): string | undefined {
  const value = attributes.find(({ attribute_code }) => attribute_code === code)?.value;
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** category_ids is a list in REST and text with commas in some exports. */
function attributeList(attributes: Attributes, code: string): string[] {
  const value = attributes.find(({ attribute_code }) => attribute_code === code)?.value;
  if (typeof value === "string") return value.split(",").filter((id) => id !== "");
  return Array.isArray(value) ? value.filter((id) => !isRecord(id)).map(String) : [];
}
