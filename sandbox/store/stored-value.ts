import { SIDES } from "./cart.ts";
import { MagentoError } from "./errors.ts";
import { fieldOf } from "./fields.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt } from "./json.ts";
import { round2, stored4 } from "./php.ts";
import { addTo } from "./prorate.ts";

/** Tenders of Adobe Commerce in the order in which they lower a document's total. */
const TENDERS = ["gift_cards", "customer_balance", "reward_currency"] as const;

/**
 * Gift cards, store credit and points pay a document before money does: its grand_total is what is left
 * (magento.md 3: grand_total is what the customer owes after them).
 */
export function takeStoredValue(
  order: JsonObject,
  document: JsonObject,
  stage: "invoiced" | "refunded",
): void {
  const orderValues = objectAt(order, "extension_attributes");
  const own: JsonObject = {};
  for (const tender of TENDERS) {
    for (const side of SIDES) {
      const amountName = fieldOf(side, `${tender}_amount`);
      const usedName = fieldOf(side, `${tender}_${stage}`);
      const sourceName = stage === "invoiced" ? amountName : fieldOf(side, `${tender}_invoiced`);
      const available = numberAt(orderValues, sourceName) - numberAt(orderValues, usedName);
      const total = numberAt(document, fieldOf(side, "grand_total"));
      const taken = stored4(Math.max(0, Math.min(available, total)));
      if (taken === 0) continue;
      own[amountName] = taken;
      document[fieldOf(side, "grand_total")] = stored4(total - taken);
      addTo(orderValues, usedName, taken);
      if (tender === "customer_balance" && stage === "refunded") {
        addTo(orderValues, fieldOf(side, "customer_balance_total_refunded"), taken);
      }
    }
  }
  addExtension(document, own);
}

/** What gift cards, store credit and points paid and have not got back, in base currency. */
export function storedValueLeft(order: JsonObject): number {
  const values = objectAt(order, "extension_attributes");
  return TENDERS.reduce(
    (sum, tender) =>
      sum + numberAt(values, `base_${tender}_invoiced`) - numberAt(values, `base_${tender}_refunded`),
    0,
  );
}

/**
 * Money that the shop gives back as store credit by choice: it does not leave the gateway, and grand_total excludes it
 * (magento.md 3, store-credit refunds). Takes base currency; throws MagentoError when the memo has less.
 */
export function giveStoreCredit(order: JsonObject, memo: JsonObject, baseAmount: number): void {
  const left = numberAt(memo, "base_grand_total");
  if (round2(baseAmount) > round2(left)) {
    throw new MagentoError(400, "The maximum store credit amount is %1", [left.toFixed(2)]);
  }
  const whole = round2(baseAmount) === round2(left);
  const rate = numberAt(order, "base_to_order_rate") || 1;
  const orderValues = objectAt(order, "extension_attributes");
  const own: JsonObject = {};
  for (const side of SIDES) {
    const total = numberAt(memo, fieldOf(side, "grand_total"));
    const given = whole ? total : round2(baseAmount * (side === "base" ? 1 : rate));
    const name = fieldOf(side, "customer_balance_amount");
    own[name] = stored4(numberAt(objectAt(memo, "extension_attributes"), name) + given);
    memo[fieldOf(side, "grand_total")] = stored4(total - given);
    addTo(orderValues, fieldOf(side, "customer_balance_total_refunded"), given);
  }
  order.extension_attributes = orderValues;
  addExtension(memo, own);
}

function addExtension(document: JsonObject, own: JsonObject): void {
  if (Object.keys(own).length === 0) return;
  document.extension_attributes = { ...objectAt(document, "extension_attributes"), ...own };
}
