import type { Item } from "../books/rows.ts";
import { wireMs } from "../wire/dates.ts";
import { UNITS } from "../wire/decimal.ts";
import {
  errorsOf,
  okReply,
  postDataInvalid,
  Refusal,
  type Reply,
  validationReply,
} from "../wire/envelope.ts";
import { type JsonRecord, money, number } from "../wire/json.ts";
import { listRows } from "../wire/listing.ts";
import { echoShape, isGuid, readShape, ZERO_GUID } from "../wire/shape.ts";
import { boolField, dateField, guidField, type QueryFields, stringField } from "../wire/where-eval.ts";
import { type Settled, settleBatch } from "./batch.ts";
import { type Call, type Element, elementsOf, foundOr404, onlyElementOf, param, reading } from "./call.ts";
import { unitAmount } from "./document-render.ts";
import { checkItem, type ItemDraft, itemOf, itemShape } from "./item-save.ts";

/** The one hard limit of elements in a request (facts/xero.md section 2). */
const ITEMS_MAX = 500;

/** Not paged (facts/xero.md section 2). */
export function listItems(call: Call): Reply {
  const listed = listRows({
    rows: call.books.all("items"),
    query: call.query,
    ifModifiedSince: call.header("if-modified-since"),
    fields: ITEM_FIELDS,
    typeName: "Item",
    updatedMs: (item) => item.updatedMs,
    canPage: false,
  });
  return okReply(
    call.nowMs,
    "Items",
    listed.rows.map((item) => renderItem(call, item)),
  );
}

/** By id or by code. */
function itemOfPath(call: Call): Item {
  const key = decodeURIComponent(param(call, "id"));
  return foundOr404(
    isGuid(key) ? call.books.get("items", key.toLowerCase()) : call.books.find("items", "code", key)[0],
  );
}

export const getItem = (call: Call): Reply =>
  okReply(call.nowMs, "Items", [renderItem(call, itemOfPath(call))]);

export function saveItems(call: Call): Reply {
  const elements = elementsOf(call, "Items", "Item");
  if (elements.length > ITEMS_MAX)
    throw new Refusal(postDataInvalid(`At most ${ITEMS_MAX} Items can be sent at once.`));
  const drafts = elements.map((element) => readItem(call, element));
  return settleBatch(call, {
    plural: "Items",
    errorFlag: undefined,
    elements: drafts.map(
      ({ draft, known }) =>
        () =>
          settle(call, draft, known ?? matchByCode(call, draft)),
    ),
  });
}

function readItem(call: Call, { value, path }: Element): { draft: ItemDraft; known?: Item } {
  const draft = reading(() => readShape(itemShape, value, path));
  if (draft.ItemID === undefined || call.method !== "POST") return { draft };
  return { draft, known: foundOr404(call.books.get("items", draft.ItemID)) };
}

const matchByCode = (call: Call, draft: ItemDraft): Item | undefined =>
  call.method === "POST" && draft.Code ? call.books.find("items", "code", draft.Code)[0] : undefined;

export function updateItem(call: Call): Reply {
  const existing = itemOfPath(call);
  const { value, path } = onlyElementOf(call, "Items", "Item");
  const draft = reading(() => readShape(itemShape, value, path));
  return settleBatch(call, {
    plural: "Items",
    errorFlag: undefined,
    elements: [() => settle(call, draft, existing)],
  });
}

function settle(call: Call, draft: ItemDraft, existing: Item | undefined): Settled {
  const errors = checkItem(call, draft, existing);
  if (errors.length > 0) {
    return {
      ok: false,
      element: { ...echoShape(itemShape, draft), ItemID: existing?.id ?? ZERO_GUID },
      errors,
    };
  }
  const item = itemOf(call, draft, existing);
  call.books.put("items", item);
  if (existing !== undefined && existing.code !== item.code) renameItem(call, existing.code, item.code);
  return { ok: true, element: renderItem(call, item) };
}

/** Documents and stock follow an item to its new code. */
function renameItem({ books }: Call, from: string, to: string): void {
  for (const document of books.all("documents")) {
    if (document.lines.every(({ itemCode }) => itemCode !== from)) continue;
    const lines = document.lines.map((line) => (line.itemCode === from ? { ...line, itemCode: to } : line));
    books.put("documents", { ...document, lines });
  }
  for (const move of books.all("stockMoves"))
    if (move.itemCode === from) books.put("stockMoves", { ...move, itemCode: to });
}

/** 204 without a body; an item that has moved stock stays. */
export function deleteItem(call: Call): Reply {
  const item = itemOfPath(call);
  const isUsed = call.books.all("stockMoves").some((move) => move.itemCode === item.code);
  const error = isUsed ? "The item has transactions and cannot be deleted." : call.forcedError;
  if (error !== undefined)
    return validationReply([{ ...renderItem(call, item), ValidationErrors: errorsOf([error]) }]);
  call.books.remove("items", item.id);
  return { status: 204, contentType: "text/plain", body: "" };
}

export function renderItem(call: Call, item: Item): JsonRecord {
  const isTracked = item.inventoryAssetAccountCode !== undefined;
  const side = (details: Item["sales"]): JsonRecord => ({
    ...(details.unitPrice === undefined ? {} : { UnitPrice: unitAmount(call, details.unitPrice) }),
    ...(details.accountCode === undefined ? {} : { AccountCode: details.accountCode }),
    ...(details.cogsAccountCode === undefined ? {} : { COGSAccountCode: details.cogsAccountCode }),
    ...(details.taxType === undefined ? {} : { TaxType: details.taxType }),
  });
  return {
    ItemID: item.id,
    Code: item.code,
    ...(item.description === undefined ? {} : { Description: item.description }),
    ...(item.purchaseDescription === undefined ? {} : { PurchaseDescription: item.purchaseDescription }),
    UpdatedDateUTC: wireMs(item.updatedMs),
    PurchaseDetails: side(item.purchase),
    SalesDetails: side(item.sales),
    Name: item.name,
    IsTrackedAsInventory: isTracked,
    ...(isTracked
      ? {
          InventoryAssetAccountCode: item.inventoryAssetAccountCode,
          TotalCostPool: money(item.costPool),
          ...quantitiesOf(item.quantityOnHand),
        }
      : {}),
    IsSold: item.isSold,
    IsPurchased: item.isPurchased,
    ValidationErrors: [],
  };
}

/** What is sold before it is there is on back order (openapi/DELTA-xero-node-20.md). */
const quantitiesOf = (stock: bigint): JsonRecord => ({
  QuantityOnHand: number(stock > 0n ? stock : 0n, UNITS),
  QuantityAvailable: number(stock, UNITS),
  QuantityOnBackOrder: number(stock < 0n ? -stock : 0n, UNITS),
});

const ITEM_FIELDS: QueryFields<Item> = {
  ItemID: guidField((row) => row.id),
  Code: stringField((row) => row.code),
  Name: stringField((row) => row.name),
  Description: stringField((row) => row.description, true),
  IsSold: boolField((row) => row.isSold),
  IsPurchased: boolField((row) => row.isPurchased),
  IsTrackedAsInventory: boolField((row) => row.inventoryAssetAccountCode !== undefined),
  UpdatedDateUTC: dateField((row) => row.updatedMs),
};
