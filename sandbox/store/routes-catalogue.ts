import { ATTRIBUTE_SETS, categoriesOf, categoryTree } from "./catalogue.ts";
import type { Route, RouteContext } from "./context.ts";
import { bodyObject, bodyParam, idParam, textParam } from "./context.ts";
import { MagentoError, noSuchField, requiredField } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { cloneJson, isObject, numberAt, objectAt, objects, textAt } from "./json.ts";
import { search } from "./search.ts";
import { parseSearchCriteria } from "./search-criteria.ts";
import type { Transaction } from "./state.ts";

const PRODUCT_COLUMNS = [
  "entity_id",
  "sku",
  "name",
  "price",
  "status",
  "visibility",
  "type_id",
  "attribute_set_id",
  "created_at",
  "updated_at",
  "weight",
  "tax_class_id",
  "category_id",
  "cost",
  "url_key",
  "special_price",
];

export const CATALOGUE_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "products",
    resource: "Magento_Catalog::products",
    run: (context) => productSearch(context),
  },
  {
    method: "GET",
    path: "products/attribute-sets/sets/list",
    resource: "Magento_Catalog::attributes_attributes",
    run: (context) =>
      search(
        ATTRIBUTE_SETS.map(({ id, name }, index) => ({
          attribute_set_id: id,
          attribute_set_name: name,
          sort_order: index + 1,
          entity_type_id: 4,
        })),
        parseSearchCriteria(context.query),
        rulesOf(context, "attribute_set_id", false, []),
      ),
  },
  {
    method: "GET",
    path: "products/:sku",
    resource: "Magento_Catalog::products",
    run: (context) => productOf(context.transaction, textParam(context, "sku")),
  },
  { method: "PUT", path: "products/:sku", resource: "Magento_Catalog::products", run: saveProduct },
  { method: "GET", path: "categories", resource: "anonymous", run: ({ shop }) => categoryTree(shop) },
  {
    method: "GET",
    path: "categories/list",
    resource: "Magento_Catalog::categories",
    run: (context) =>
      search(
        [
          { id: 2, name: "Default Category", parent_id: 1 },
          ...categoriesOf(context.shop).map(({ id, name }) => ({ id, name, parent_id: 2 })),
        ].map(({ id, name, parent_id }, index) => ({
          id,
          parent_id,
          name,
          is_active: true,
          position: index + 1,
          level: parent_id,
          path: parent_id === 1 ? "1/2" : `1/2/${id}`,
        })),
        parseSearchCriteria(context.query),
        rulesOf(context, "id", true, ["entity_id"]),
      ),
  },
  {
    method: "GET",
    path: "stockItems/:sku",
    resource: "Magento_CatalogInventory::cataloginventory",
    run: (context) => stockItemOf(context.transaction, textParam(context, "sku")),
  },
  {
    method: "PUT",
    path: "products/:sku/stockItems/:itemId",
    resource: "Magento_CatalogInventory::cataloginventory",
    run: saveStockItem,
  },
  {
    method: "GET",
    path: "inventory/source-items",
    resource: "Magento_InventoryApi::source",
    run: (context) =>
      search(
        context.transaction.all("sourceItems").map(({ key: _key, ...row }) => row),
        parseSearchCriteria(context.query),
        rulesOf(context, "sku", false, ["sku", "source_code", "quantity", "status"]),
      ),
  },
  {
    method: "POST",
    path: "inventory/source-items",
    resource: "Magento_InventoryApi::stock_source_item_assign",
    run: saveSourceItems,
  },
  {
    method: "POST",
    path: "inventory/source-items-delete",
    resource: "Magento_InventoryApi::source_item_delete",
    run: deleteSourceItems,
  },
  {
    method: "GET",
    path: "inventory/sources",
    resource: "Magento_InventoryApi::source",
    run: (context) =>
      search(
        [defaultSource(context)],
        parseSearchCriteria(context.query),
        rulesOf(context, "source_code", false, []),
      ),
  },
  {
    method: "GET",
    path: "inventory/stocks",
    resource: "Magento_InventoryApi::stock",
    run: (context) =>
      search(
        [
          {
            stock_id: 1,
            name: "Default Stock",
            extension_attributes: { sales_channels: [{ type: "website", code: "base" }] },
          },
        ],
        parseSearchCriteria(context.query),
        rulesOf(context, "stock_id", false, []),
      ),
  },
  {
    method: "GET",
    path: "inventory/stock-resolver/:type/:code",
    resource: "Magento_InventorySalesApi::stock",
    run: (context) => {
      if (textParam(context, "type") !== "website" || textParam(context, "code") !== "base") {
        throw new MagentoError(404, "No linked stock found");
      }
      return {
        stock_id: 1,
        name: "Default Stock",
        extension_attributes: { sales_channels: [{ type: "website", code: "base" }] },
      };
    },
  },
  {
    method: "GET",
    path: "inventory/get-product-salable-quantity/:sku/:stockId",
    resource: "Magento_InventorySalesApi::stock",
    run: (context) =>
      salableQuantity(context.transaction, textParam(context, "sku"), idParam(context, "stockId")),
  },
];

const rulesOf = (context: RouteContext, key: string, eav: boolean, columns: readonly string[]) => ({
  key,
  eav,
  columns,
  pastEndRepeatsLastPage: context.shop.pastEndRepeatsLastPage,
  inputLimits: context.shop.inputLimits,
});

function productSearch(context: RouteContext): Json {
  return search(context.transaction.all("products"), parseSearchCriteria(context.query), {
    ...rulesOf(context, "id", true, PRODUCT_COLUMNS),
    read: readAttribute,
  });
}

/** entity_id and category_id are searchable although the JSON has them under other names. */
function readAttribute(product: JsonObject, field: string): Json | undefined {
  if (field === "entity_id") return product.id;
  const attributes = objects(product.custom_attributes);
  if (field === "category_id") return attributes.find((own) => own.attribute_code === "category_ids")?.value;
  return attributes.find((own) => own.attribute_code === field)?.value;
}

/** The sku of the path is decoded; MySQL finds it whatever its case. */
function productOf(transaction: Transaction, sku: string): JsonObject {
  const found =
    transaction.get("products", sku) ??
    transaction.all("products").find((own) => textAt(own, "sku").toLowerCase() === sku.toLowerCase());
  if (found === undefined) {
    throw new MagentoError(
      404,
      "The product that was requested doesn't exist. Verify the product and try again.",
    );
  }
  return cloneJson(found);
}

/** PUT merges what is sent; custom attributes merge by code. */
function saveProduct(context: RouteContext): Json {
  const given = bodyParam(context, "product");
  const product = productOf(context.transaction, textParam(context, "sku"));
  const attributes = new Map(
    objects(product.custom_attributes).map((own) => [textAt(own, "attribute_code"), own]),
  );
  for (const own of objects(given.custom_attributes)) attributes.set(textAt(own, "attribute_code"), own);
  const saved = {
    ...product,
    ...given,
    sku: textAt(product, "sku"),
    id: numberAt(product, "id"),
    custom_attributes: [...attributes.values()],
    updated_at: context.now,
  };
  context.transaction.put("products", saved);
  return saved;
}

function stockItemOf(transaction: Transaction, sku: string): JsonObject {
  const product = productOf(transaction, sku);
  const item = objectAt(objectAt(product, "extension_attributes"), "stock_item");
  const source = transaction.get("sourceItems", `${textAt(product, "sku")}/default`);
  return source === undefined ? item : { ...item, qty: numberAt(source, "quantity") };
}

/** The legacy route writes the default source only; the sku decides, not the item id (magento.md 2). */
function saveStockItem(context: RouteContext): Json {
  const given = bodyParam(context, "stockItem");
  const product = productOf(context.transaction, textParam(context, "sku"));
  const sku = textAt(product, "sku");
  const extension = objectAt(product, "extension_attributes");
  const item = { ...objectAt(extension, "stock_item"), ...given };
  const saved = {
    ...product,
    extension_attributes: { ...extension, stock_item: item },
    updated_at: context.now,
  };
  context.transaction.put("products", saved);
  if (given.qty !== undefined) {
    const status = given.is_in_stock === false ? 0 : 1;
    context.transaction.put("sourceItems", sourceItem(sku, "default", Number(given.qty), status));
  }
  return numberAt(item, "item_id");
}

const sourceItem = (sku: string, code: string, quantity: number, status: number): JsonObject => ({
  key: `${sku}/${code}`,
  sku,
  source_code: code,
  quantity,
  status,
});

const SOURCE_ITEMS_LIMIT = 20;

/** Upsert by sku and source with absolute quantities; what is not named stays (magento.md 2). */
function saveSourceItems(context: RouteContext): Json {
  const items = bodyObject(context).sourceItems;
  if (!Array.isArray(items)) throw requiredField("sourceItems");
  if (items.length === 0) throw new MagentoError(400, "Input data is empty");
  if (context.shop.inputLimits && items.length > SOURCE_ITEMS_LIMIT) {
    throw new MagentoError(400, 'Maximum items of type "%type" is %max', {
      type: "Magento\\InventoryApi\\Api\\Data\\SourceItemInterface",
      max: SOURCE_ITEMS_LIMIT,
    });
  }
  const problems = items.flatMap((item, index) => sourceItemProblems(context.transaction, item, index));
  if (problems.length > 0) throw new MagentoError(400, "Validation Failed", undefined, problems);
  for (const item of objects(items)) {
    const product = productOf(context.transaction, textAt(item, "sku"));
    const row = sourceItem(
      textAt(product, "sku"),
      textAt(item, "source_code"),
      numberAt(item, "quantity"),
      numberAt(item, "status"),
    );
    context.transaction.put("sourceItems", row);
  }
  return [];
}

function sourceItemProblems(transaction: Transaction, item: Json, index: number): JsonObject[] {
  if (!isObject(item)) return [{ message: "Source item %1 is not an object", parameters: [index] }];
  const problems: JsonObject[] = [];
  const sku = textAt(item, "sku");
  const known = transaction
    .all("products")
    .some((own) => textAt(own, "sku").toLowerCase() === sku.toLowerCase());
  if (!known) problems.push({ message: 'Product with SKU "%sku" does not exist.', parameters: { sku } });
  if (textAt(item, "source_code") !== "default") {
    problems.push({
      message: 'Source with source code "%code" does not exist.',
      parameters: { code: textAt(item, "source_code") },
    });
  }
  if (!Number.isFinite(Number(item.quantity ?? Number.NaN))) {
    problems.push({ message: '"%field" should be numeric.', parameters: { field: "quantity" } });
  }
  if (![0, 1].includes(Number(item.status ?? Number.NaN))) {
    problems.push({ message: '"%field" should be a known status.', parameters: { field: "status" } });
  }
  return problems;
}

function deleteSourceItems(context: RouteContext): Json {
  const items = bodyObject(context).sourceItems;
  if (!Array.isArray(items)) throw requiredField("sourceItems");
  for (const item of objects(items))
    context.transaction.remove("sourceItems", `${textAt(item, "sku")}/${textAt(item, "source_code")}`);
  return [];
}

const defaultSource = (context: RouteContext): JsonObject => ({
  source_code: "default",
  name: "Default Source",
  enabled: true,
  description: "Default Source",
  latitude: 0,
  longitude: 0,
  country_id: context.shop.country,
  postcode: "00000",
  use_default_carrier_config: true,
  carrier_links: [],
  extension_attributes: { is_pickup_location_active: false, frontend_name: "Default Source" },
});

/** Source quantity less what open orders have reserved (magento.md 6). */
function salableQuantity(transaction: Transaction, sku: string, stockId: number): number {
  if (stockId !== 1) throw noSuchField("stock_id", stockId);
  const product = productOf(transaction, sku);
  const own = textAt(product, "sku");
  const rows = transaction.all("sourceItems").filter((row) => row.sku === own && row.status === 1);
  const onHand = rows.reduce((sum, row) => sum + numberAt(row, "quantity"), 0);
  const reserved = transaction
    .all("orders")
    .filter((order) => !["canceled", "closed"].includes(textAt(order, "state")))
    .flatMap((order) => objects(order.items))
    .filter((item) => item.sku === own && !["configurable", "bundle"].includes(textAt(item, "product_type")))
    .reduce(
      (sum, item) =>
        sum +
        Math.max(
          0,
          numberAt(item, "qty_ordered") -
            numberAt(item, "qty_canceled") -
            Math.max(numberAt(item, "qty_shipped"), numberAt(item, "qty_refunded")),
        ),
      0,
    );
  return onHand - reserved;
}
