import { SIDES } from "./cart.ts";
import { fieldOf } from "./fields.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt } from "./json.ts";
import { stored4 } from "./php.ts";
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
    }
  }
  if (Object.keys(own).length > 0) document.extension_attributes = own;
}
