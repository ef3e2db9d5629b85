import type { JsonObject } from "./json.ts";

export type ProductType =
  | "simple"
  | "configurable"
  | "bundle"
  | "grouped"
  | "virtual"
  | "downloadable"
  | "giftcard";

export type ProductInput = {
  id: number;
  sku: string;
  name: string;
  type: ProductType;
  attributeSetId: number;
  price: number;
  weight: number;
  /** Id of the product tax class; 0 is Magento's "None". */
  taxClassId: number;
  categoryIds: readonly number[];
  createdAt: string;
  stock: number;
  /** Not visible individually: a variant of a configurable product. */
  hidden?: boolean;
  cost?: number;
  extension?: JsonObject;
  links?: JsonObject[];
  attributes?: Record<string, string>;
};

/** A product as GET /V1/products/:sku answers it (real/doc-create-simple-products-01.json). */
export function productJson(input: ProductInput): JsonObject {
  const hasWeight = input.type === "simple" || input.type === "configurable" || input.type === "bundle";
  const attributes: Record<string, string | string[]> = {
    options_container: "container2",
    url_key: input.name.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
    tax_class_id: String(input.taxClassId),
    category_ids: input.categoryIds.map(String),
    required_options: input.type === "configurable" || input.type === "bundle" ? "1" : "0",
    has_options: input.type === "configurable" || input.type === "bundle" ? "1" : "0",
    ...(input.cost === undefined ? {} : { cost: input.cost.toFixed(4) }),
    ...input.attributes,
  };
  return {
    id: input.id,
    sku: input.sku,
    name: input.name,
    attribute_set_id: input.attributeSetId,
    price: input.price,
    status: 1,
    visibility: input.hidden ? 1 : 4,
    type_id: input.type,
    created_at: input.createdAt,
    updated_at: input.createdAt,
    ...(hasWeight ? { weight: input.weight } : {}),
    extension_attributes: {
      website_ids: [1],
      category_links: input.categoryIds.map((id, position) => ({ position, category_id: String(id) })),
      stock_item: stockItem(input),
      ...input.extension,
    },
    product_links: input.links ?? [],
    options: [],
    media_gallery_entries: [],
    tier_prices: [],
    custom_attributes: Object.entries(attributes).map(([attribute_code, value]) => ({
      attribute_code,
      value,
    })),
  };
}

function stockItem(input: ProductInput): JsonObject {
  // A composite product has no quantity of its own (magento.md 6).
  const composite = input.type === "configurable" || input.type === "bundle" || input.type === "grouped";
  return {
    item_id: input.id,
    product_id: input.id,
    stock_id: 1,
    qty: composite ? 0 : input.stock,
    is_in_stock: composite || input.stock > 0,
    is_qty_decimal: false,
    show_default_notification_message: false,
    use_config_min_qty: true,
    min_qty: 0,
    use_config_min_sale_qty: 1,
    min_sale_qty: 1,
    use_config_max_sale_qty: true,
    max_sale_qty: 10000,
    use_config_backorders: true,
    backorders: 0,
    use_config_notify_stock_qty: true,
    notify_stock_qty: 1,
    use_config_qty_increments: true,
    qty_increments: 0,
    use_config_enable_qty_inc: true,
    enable_qty_increments: false,
    use_config_manage_stock: true,
    manage_stock: !composite,
    low_stock_date: null,
    is_decimal_divided: false,
    stock_status_changed_auto: 0,
  };
}
