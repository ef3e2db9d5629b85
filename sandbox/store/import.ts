import { MagentoError } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject, objects, textAt } from "./json.ts";
import type { Transaction } from "./state.ts";

type Imported = { entity_id: Json; increment_id: Json; replaced: boolean };

/**
 * Takes orders as they are, decimal texts and all: what came in is served back verbatim. Only what the table
 * cannot be without is added: an entity_id and the two dates (columns with defaults in Magento's schema).
 */
export function importOrders(transaction: Transaction, body: Json | undefined, now: string): Imported[] {
  const known = new Map(transaction.all("orders").map((row) => [incrementKey(row), row.entity_id ?? null]));
  const imported = ordersIn(body).map((order, index) => importOne({ transaction, order, index, now, known }));
  for (const { entity_id: id } of imported) transaction.put("settings", { name: importName(String(id)) });
  return imported;
}

const importName = (entityId: string): string => `imported/${entityId}`;

/** Entity ids of the orders in an answer, or of its order lines, that are not this store's own work. */
export function importedOrdersIn(read: Pick<Transaction, "get">, answer: Json): string[] {
  const elements = isObject(answer) && isListing(answer) ? objects(answer.items) : objects([answer]);
  const ids = elements.map((element) => textAt(element, "order_id") || textAt(element, "entity_id"));
  return ids.filter((id) => id !== "" && read.get("settings", importName(id)) !== undefined);
}

function ordersIn(body: Json | undefined): Json[] {
  if (Array.isArray(body)) return body;
  // An order has items too, so only a list without an increment_id of its own is a list answer.
  if (isObject(body) && body.increment_id === undefined && Array.isArray(body.items) && isListing(body)) {
    return body.items;
  }
  if (isObject(body)) return [body];
  throw new MagentoError(400, 'Expected a Magento order, an array of orders, or {"items": [orders]}.');
}

const isListing = (body: JsonObject): boolean =>
  body.search_criteria !== undefined || body.total_count !== undefined || Object.keys(body).length === 1;

function importOne(input: {
  transaction: Transaction;
  order: Json;
  index: number;
  now: string;
  known: Map<string, Json>;
}): Imported {
  const { transaction, order, index, now, known } = input;
  if (!isObject(order)) throw new MagentoError(400, `Order ${index} is not a JSON object.`);
  const incrementId = textAt(order, "increment_id");
  if (incrementId === "") {
    throw new MagentoError(400, `Order ${index}: increment_id is missing; every Magento order has one.`, {
      fieldName: "increment_id",
    });
  }
  const same = known.get(incrementKey(order));
  const entityId = same ?? freeEntityId(transaction, order);
  const stored: JsonObject = { ...order };
  stored.entity_id = keepsOwnId(order, entityId) ? (order.entity_id ?? entityId) : entityId;
  stored.created_at ??= now;
  stored.updated_at ??= now;
  transaction.put("orders", stored);
  known.set(incrementKey(stored), stored.entity_id);
  return {
    entity_id: stored.entity_id,
    increment_id: order.increment_id ?? incrementId,
    replaced: same !== undefined,
  };
}

/** Increment ids are unique per store view only (magento.md 3). */
const incrementKey = (order: JsonObject): string =>
  `${textAt(order, "store_id") || "1"}/${textAt(order, "increment_id")}`;

const keepsOwnId = (order: JsonObject, entityId: Json): boolean =>
  textAt(order, "entity_id") !== "" && textAt(order, "entity_id") === String(entityId);

/** Dumps of several shops repeat small ids; an id that another order has gets replaced by a free one. */
function freeEntityId(transaction: Transaction, order: JsonObject): Json {
  const own = order.entity_id;
  const given = textAt(order, "entity_id");
  if (/^\d+$/.test(given) && transaction.get("orders", given) === undefined && own !== undefined) return own;
  let id = transaction.nextId("orders");
  // An earlier order of the same import may have brought this id along.
  while (transaction.get("orders", id) !== undefined) id = transaction.nextId("orders");
  return id;
}
