import { toBase } from "../books/arithmetic.ts";
import type { Item, Line, TradeDocument } from "../books/rows.ts";
import { divideRounded } from "../wire/decimal.ts";
import { say } from "../wire/messages.ts";
import type { Call } from "./call.ts";

/**
 * Tracked inventory at average cost (facts/xero.md section 5, rule 13): bills and spending add, sales take away.
 * Moves are stored with their document; an edit takes the old ones back before it makes new ones. What would leave
 * less than nothing is refused, a voided bill of goods that are sold too.
 */
export function moveStock(call: Call, document: TradeDocument): string | undefined {
  const { books } = call;
  const old = books.find("stockMoves", "document", document.id);
  const codes = [...old, ...document.lines].flatMap(({ itemCode }) => itemCode ?? []);
  const before = new Map(codes.map((code) => [code, quantityOf(call, code)]));
  for (const move of old) {
    changeItem(call, move.itemCode, -move.quantity, -move.cost);
    books.remove("stockMoves", move.id);
  }
  if (document.status === "AUTHORISED" || document.status === "PAID") {
    for (const line of document.lines) {
      const item = trackedItem(call, line);
      if (item !== undefined) moveLine(call, document, line, item);
    }
  }
  if (call.query.flag("allowBackorders") && document.kind === "invoice") return undefined;
  for (const [code, quantity] of before) {
    const now = quantityOf(call, code);
    if (now < 0n && now < quantity) return say.stockInsufficient(code);
  }
  return undefined;
}

const quantityOf = (call: Call, code: string): bigint =>
  call.books.find("items", "code", code)[0]?.quantityOnHand ?? 0n;

/** +1 adds to stock at what it cost, −1 takes out at average cost; credit notes go the other way. */
const DIRECTION: Readonly<Record<string, 1 | -1>> = {
  ACCPAY: 1,
  SPEND: 1,
  ACCREC: -1,
  RECEIVE: -1,
  ACCPAYCREDIT: -1,
  ACCRECCREDIT: 1,
};

function moveLine(call: Call, document: TradeDocument, line: Line, item: Item): void {
  const direction = DIRECTION[document.type];
  const size = line.quantity ?? 0n;
  if (direction === undefined || size === 0n) return;
  const isSale =
    document.type === "ACCREC" || document.type === "RECEIVE" || document.type === "ACCRECCREDIT";
  const quantity = size * BigInt(direction);
  const price = document.lineAmountTypes === "Inclusive" ? line.lineAmount - line.taxAmount : line.lineAmount;
  const cost = isSale ? averageCost(item, quantity) : toBase(price, document.rate) * BigInt(direction);
  changeItem(call, item.code, quantity, cost);
  call.books.put("stockMoves", {
    id: `${document.id}/${line.id}`,
    documentId: document.id,
    itemCode: item.code,
    quantity,
    cost,
    costOfSale: isSale,
  });
}

function averageCost(item: Item, quantity: bigint): bigint {
  if (item.quantityOnHand <= 0n) return 0n;
  // Of what is on back order nothing is known yet: it costs nothing.
  const isEmptied = item.quantityOnHand + quantity <= 0n;
  return isEmptied ? -item.costPool : divideRounded(item.costPool * quantity, item.quantityOnHand, "up");
}

function trackedItem(call: Call, line: Line): Item | undefined {
  if (line.itemCode === undefined) return undefined;
  const item = call.books.find("items", "code", line.itemCode)[0];
  return item?.inventoryAssetAccountCode === undefined ? undefined : item;
}

function changeItem(call: Call, code: string, quantity: bigint, cost: bigint): void {
  const item = call.books.find("items", "code", code)[0];
  if (item === undefined) return;
  call.books.put("items", {
    ...item,
    quantityOnHand: item.quantityOnHand + quantity,
    costPool: item.costPool + cost,
    updatedMs: call.nowMs,
  });
}
