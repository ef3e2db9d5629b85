import type { Json, JsonObject } from "./json.ts";
import { marketOf } from "./markets/markets.ts";
import { round2 } from "./php.ts";
import type { ProductInput, ProductType } from "./products.ts";
import { productJson } from "./products.ts";
import type { ClassKind, Shop } from "./shop.ts";

/** The demo shop's goods: invented, and one of every product type Magento has. */
export type Article = {
  id: number;
  sku: string;
  name: string;
  type: ProductType;
  /** "none" is no tax class at all: a gift card is a liability, not a sale. */
  kind: ClassKind | "none";
  categories: readonly number[];
  attributeSet: number;
  /** In pounds, dollars or euros; scaled for currencies with other magnitudes. */
  price: number;
  weight: number;
  /** Variants of a configurable, parts of a bundle or of a grouped product. */
  parts?: readonly { sku: string; quantity: number }[];
  /** A bundle that is charged by its parts. */
  dynamic?: boolean;
  hidden?: boolean;
  fpt?: { title: string; amount: number };
  /** How often it is bought, beside the others of its shop; absent: only when asked for. */
  popularity?: number;
  /** Months (1 to 12) in which seasonal goods are sold. */
  months?: readonly number[];
};

export type Category = { id: number; name: string };

const CATEGORIES: readonly Category[] = [
  { id: 3, name: "Kitchen" },
  { id: 4, name: "Tea and coffee" },
  { id: 5, name: "Books" },
  { id: 6, name: "Clothing" },
  { id: 7, name: "Home energy" },
  { id: 8, name: "Gifts and downloads" },
  { id: 9, name: "Gift Boxes" },
];

export const ATTRIBUTE_SETS = [
  { id: 4, name: "Default" },
  { id: 9, name: "Clothing" },
  { id: 10, name: "Book" },
  { id: 11, name: "Digital" },
] as const;

const part = (sku: string, quantity = 1): { sku: string; quantity: number } => ({ sku, quantity });

const ARTICLES: readonly Article[] = [
  article(101, "MUG-STRIPED", "Striped stoneware mug", { price: 9.99, weight: 0.4, categories: [3] }),
  article(102, "TEAPOT-ROUND", "Round teapot, 1 litre", { price: 34.5, weight: 1.2, categories: [3, 8] }),
  article(103, "KETTLE-HOB", "Whistling hob kettle", { price: 42.95, weight: 1.5, categories: [3] }),
  article(104, "TEA-BREAKFAST", "Breakfast tea, 250 g", {
    price: 6.75,
    weight: 0.3,
    kind: "zero",
    categories: [4],
  }),
  article(105, "COFFEE-HARBOUR", "Harbour blend coffee, 500 g", {
    price: 11.2,
    weight: 0.55,
    kind: "zero",
    categories: [4],
  }),
  article(106, "BOOK-TEAS", "Forty Teas: a field guide", {
    price: 18.99,
    weight: 0.6,
    kind: "zero",
    categories: [5],
    attributeSet: 10,
  }),
  article(107, "BOOK-KNOTS", "Knots for idle hands", {
    price: 12.5,
    weight: 0.4,
    kind: "zero",
    categories: [5],
    attributeSet: 10,
  }),
  article(108, "DRAUGHT-ROLL", "Draught excluder roll, 10 m", {
    price: 14.49,
    weight: 0.7,
    kind: "reduced",
    categories: [7],
  }),
  article(109, "LOFT-PANEL", "Loft insulation panel", {
    price: 27.3,
    weight: 3.1,
    kind: "reduced",
    categories: [7],
  }),
  article(110, "LAMP-DESK", "Adjustable desk lamp", {
    price: 39.99,
    weight: 1.1,
    categories: [7],
    fpt: { title: "recycling_fee", amount: 0.35 },
  }),
  article(111, "CANDLE-FIG", "Fig candle", { price: 8.33, weight: 0.25, categories: [8] }),
  article(112, "TOWEL-LINEN", "Linen tea towel", { price: 7.49, weight: 0.15, categories: [3] }),
  article(121, "SHIRT-S", "Harbour shirt-S", shirtPart()),
  article(122, "SHIRT-M", "Harbour shirt-M", shirtPart()),
  article(123, "SHIRT-L", "Harbour shirt-L", shirtPart()),
  article(120, "SHIRT", "Harbour shirt", {
    type: "configurable",
    price: 24.95,
    weight: 0.3,
    categories: [6],
    attributeSet: 9,
    parts: [part("SHIRT-S"), part("SHIRT-M"), part("SHIRT-L")],
  }),
  article(130, "SET-BREAKFAST", "Breakfast set", {
    type: "bundle",
    price: 49.9,
    weight: 1.6,
    categories: [3, 8, 9],
    parts: [part("TEAPOT-ROUND"), part("MUG-STRIPED", 2)],
  }),
  article(131, "HAMPER-PICNIC", "Picnic hamper", {
    type: "bundle",
    dynamic: true,
    price: 0,
    weight: 2,
    categories: [8, 9],
    parts: [part("TEA-BREAKFAST", 2), part("TOWEL-LINEN"), part("MUG-STRIPED", 2)],
  }),
  article(140, "FAMILY-TABLE", "Table family", {
    type: "grouped",
    price: 0,
    weight: 0,
    categories: [3],
    parts: [part("TOWEL-LINEN"), part("CANDLE-FIG")],
  }),
  article(150, "CLASS-TASTING", "Tea tasting, online", {
    type: "virtual",
    price: 29,
    weight: 0,
    categories: [4],
    attributeSet: 11,
  }),
  article(151, "PATTERN-SCARF", "Scarf pattern (PDF)", {
    type: "downloadable",
    price: 4.5,
    weight: 0,
    categories: [8],
    attributeSet: 11,
  }),
  article(160, "GIFT-CARD", "Gift card", {
    type: "giftcard",
    kind: "none",
    price: 25,
    weight: 0,
    categories: [8],
    attributeSet: 11,
  }),
];

function shirtPart(): Partial<Article> & { price: number; weight: number } {
  return { price: 24.95, weight: 0.3, categories: [6], attributeSet: 9, hidden: true };
}

function article(
  id: number,
  sku: string,
  name: string,
  rest: Partial<Article> & { price: number; weight: number },
): Article {
  return { id, sku, name, type: "simple", kind: "standard", categories: [3], attributeSet: 4, ...rest };
}

/** Gift cards exist in Adobe Commerce only. */
export const articlesOf = (shop: Shop): Article[] =>
  (marketOf(shop)?.articles ?? ARTICLES).filter(({ type }) => shop.commerce || type !== "giftcard");

/** A shop that sells its country's goods knows only those. */
export const articleOf = (shop: Shop, sku: string): Article | undefined =>
  (marketOf(shop)?.articles ?? ARTICLES).find((own) => own.sku === sku);

export const categoriesOf = (shop: Shop): readonly Category[] => marketOf(shop)?.categories ?? CATEGORIES;

/** The scenario's class for a kind of goods; a shop without reduced goods sells them as standard. */
export function classIdOf(shop: Shop, kind: Article["kind"]): number {
  if (kind === "none") return 0;
  const exact = shop.productClasses.find((own) => own.kind === kind);
  return (exact ?? shop.productClasses[0])?.id ?? 0;
}

/** Prices of the list above in the shop's base currency. */
export const priceIn = (shop: Shop, price: number): number =>
  ["UGX", "JPY", "INR"].includes(shop.baseCurrency) ? round2(price * 100) : price;

export function catalogueJson(shop: Shop, createdAt: string): JsonObject[] {
  return articlesOf(shop).map((own) => {
    const extension = extensionOf(shop, own);
    const input: ProductInput = {
      id: own.id,
      sku: own.sku,
      name: own.name,
      type: own.type,
      attributeSetId: own.attributeSet,
      price: priceIn(shop, own.price),
      weight: own.weight,
      taxClassId: classIdOf(shop, own.kind),
      categoryIds: own.categories,
      createdAt,
      stock: 40 + own.id,
      cost: round2(priceIn(shop, own.price) * 0.45),
      hidden: own.hidden === true,
      ...(extension ? { extension } : {}),
      links: own.type === "grouped" ? groupedLinks(own) : [],
      attributes: own.type === "bundle" ? bundleAttributes(own) : {},
    };
    return productJson(input);
  });
}

/** price_type and sku_type 0 is dynamic, 1 fixed; shipment_type 0 ships the parts together. */
const bundleAttributes = (own: Article): Record<string, string> => ({
  price_type: own.dynamic ? "0" : "1",
  sku_type: own.dynamic ? "0" : "1",
  weight_type: "0",
  shipment_type: "0",
});

const groupedLinks = (own: Article): JsonObject[] =>
  (own.parts ?? []).map(({ sku }, position) => ({
    sku: own.sku,
    link_type: "associated",
    linked_product_sku: sku,
    linked_product_type: "simple",
    position: position + 1,
    extension_attributes: { qty: 1 },
  }));

function extensionOf(shop: Shop, own: Article): JsonObject | undefined {
  const parts = own.parts ?? [];
  if (own.type === "configurable") {
    return {
      configurable_product_options: [
        {
          id: own.id,
          attribute_id: "144",
          label: "Size",
          position: 0,
          values: parts.map((_, index) => ({ value_index: 166 + index })),
          product_id: own.id,
        },
      ],
      configurable_product_links: parts.map(({ sku }) => articleOf(shop, sku)?.id ?? 0),
    };
  }
  if (own.type === "bundle")
    return { bundle_product_options: parts.map((one, index) => bundleOption(shop, own, one, index)) };
  if (own.type === "downloadable") {
    return { downloadable_product_links: [downloadLink(shop, own)], downloadable_product_samples: [] };
  }
  return undefined;
}

function bundleOption(shop: Shop, own: Article, one: { sku: string; quantity: number }, index: number): Json {
  const child = articleOf(shop, one.sku);
  return {
    option_id: own.id * 10 + index,
    title: child?.name ?? one.sku,
    required: true,
    type: "select",
    position: index + 1,
    sku: own.sku,
    product_links: [
      {
        id: String(own.id * 10 + index),
        sku: one.sku,
        option_id: own.id * 10 + index,
        qty: one.quantity,
        position: 1,
        is_default: true,
        price: priceIn(shop, child?.price ?? 0),
        price_type: 0,
        can_change_quantity: 0,
      },
    ],
  };
}

const downloadLink = (shop: Shop, own: Article): Json => ({
  id: own.id,
  title: own.name,
  sort_order: 1,
  is_shareable: 2,
  price: priceIn(shop, 0),
  number_of_downloads: 0,
  link_type: "url",
  link_url: "https://shop.example/files/scarf.pdf",
  sample_type: "url",
  sample_url: "https://shop.example/files/scarf-sample.pdf",
});

/** GET /V1/categories: one tree under the default category. */
export function categoryTree(shop: Shop): JsonObject {
  const articles = articlesOf(shop);
  return {
    id: 2,
    parent_id: 1,
    name: "Default Category",
    is_active: true,
    position: 1,
    level: 1,
    product_count: articles.length,
    children_data: categoriesOf(shop).map(({ id, name }, index) => ({
      id,
      parent_id: 2,
      name,
      is_active: true,
      position: index + 1,
      level: 2,
      product_count: articles.filter((own) => own.categories.includes(id)).length,
      children_data: [],
    })),
  };
}
