import type { Side, Wrapping, WrappingTotal } from "./cart.ts";
import { SIDES, WRAPPINGS } from "./cart.ts";
import type { Draft } from "./document-rows.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt } from "./json.ts";
import { round2, stored4 } from "./php.ts";

/**
 * Gift wrapping of Adobe Commerce: in grand_total and outside the subtotal, its tax inside tax_amount (magento.md 4, E1
 * and E4). All of it is text in the JSON (magento.md 3).
 */

const text = (amount: number): string => stored4(amount).toFixed(4);

/** gw_items_base_price, gw_price and so on. */
const fieldOf = (kind: Wrapping, side: Side, name: string): string =>
  `${kind}_${side === "base" ? "base_" : ""}${name}`;

type Stage = "invoiced" | "refunded";

/** The wrapping of the whole order calls its tax gw_tax_amount_invoiced, the others gw_items_tax_invoiced. */
const usedField = (kind: Wrapping, side: Side, name: "price" | "tax", stage: Stage): string =>
  fieldOf(kind, side, `${name === "tax" && kind === "gw" ? "tax_amount" : name}_${stage}`);

/** What an order says of its wrapping; a Commerce shop answers the fields on every order. */
export function orderWrappingJson(of: (kind: Wrapping, side: Side) => WrappingTotal): JsonObject {
  const json: JsonObject = {};
  for (const kind of WRAPPINGS) {
    for (const side of SIDES) {
      const { price, tax } = of(kind, side);
      json[fieldOf(kind, side, "price")] = text(price);
      json[fieldOf(kind, side, "tax_amount")] = text(tax);
      json[fieldOf(kind, side, "price_incl_tax")] = text(price + tax);
    }
  }
  return json;
}

/** Wrapping of one order item: its price for a piece, its tax for the row. */
export function itemWrappingJson(of: (side: Side) => { unitPrice: number; tax: number }): JsonObject {
  const json: JsonObject = { gw_id: "1" };
  for (const side of SIDES) {
    const { unitPrice, tax } = of(side);
    json[fieldOf("gw", side, "price")] = text(unitPrice);
    json[fieldOf("gw", side, "tax_amount")] = text(tax);
  }
  return json;
}

export type WrappingShare = Record<Wrapping, WrappingTotal>;

/** A document's wrapping: of its pieces, and of the order and its card whole in the first document. */
export function wrappingShare(draft: Draft, side: Side): WrappingShare {
  const stage = stageOf(draft);
  const values = objectAt(draft.order, "extension_attributes");
  const left = (kind: Wrapping, name: "price" | "tax"): number => {
    const all =
      stage === "invoiced"
        ? fieldOf(kind, side, name === "tax" ? "tax_amount" : "price")
        : usedField(kind, side, name, "invoiced");
    return stored4(numberAt(values, all) - numberAt(values, usedField(kind, side, name, stage)));
  };
  const whole = (kind: Wrapping): WrappingTotal => ({ price: left(kind, "price"), tax: left(kind, "tax") });
  return { gw: whole("gw"), gw_items: ofPieces(draft, side), gw_card: whole("gw_card") };
}

export const wrappingSum = (share: WrappingShare): WrappingTotal => ({
  price: WRAPPINGS.reduce((sum, kind) => sum + share[kind].price, 0),
  tax: WRAPPINGS.reduce((sum, kind) => sum + share[kind].tax, 0),
});

/** Writes the shares into the document and into the order's running sums. */
export function putWrapping(draft: Draft, document: JsonObject, shares: Record<Side, WrappingShare>): void {
  const values = objectAt(draft.order, "extension_attributes");
  const stage = stageOf(draft);
  const own: JsonObject = {};
  for (const kind of WRAPPINGS) {
    for (const side of SIDES) {
      const { price, tax } = shares[side][kind];
      if (price === 0 && tax === 0) continue;
      own[fieldOf(kind, side, "price")] = text(price);
      own[fieldOf(kind, side, "tax_amount")] = text(tax);
      for (const [name, amount] of [["price", price] as const, ["tax", tax] as const]) {
        const used = usedField(kind, side, name, stage);
        values[used] = text(numberAt(values, used) + amount);
      }
    }
  }
  if (Object.keys(own).length === 0) return;
  document.extension_attributes = { ...objectAt(document, "extension_attributes"), ...own };
}

const stageOf = ({ stage }: Draft): Stage =>
  stage.quantityUsed === "qty_invoiced" ? "invoiced" : "refunded";

function ofPieces({ items, rows, stage }: Draft, side: Side): WrappingTotal {
  let price = 0;
  let tax = 0;
  items.forEach((item, index) => {
    const values = objectAt(item, "extension_attributes");
    const quantity = numberAt(rows[index] ?? {}, "qty");
    const before = numberAt(item, stage.quantityUsed);
    const rowTax = numberAt(values, fieldOf("gw", side, "tax_amount"));
    const upTo = (pieces: number): number => round2((rowTax / numberAt(item, "qty_ordered")) * pieces);
    price += numberAt(values, fieldOf("gw", side, "price")) * quantity;
    tax += quantity === 0 ? 0 : upTo(before + quantity) - upTo(before);
  });
  return { price: stored4(price), tax: stored4(tax) };
}
