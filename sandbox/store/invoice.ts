import type { Side } from "./cart.ts";
import { SIDES } from "./cart.ts";
import type { DocumentIds, Draft, Quantities } from "./document-rows.ts";
import { bookRows, copiedFromOrder, draftRows, sumOfRows, weeeTotals } from "./document-rows.ts";
import { fieldOf } from "./fields.ts";
import type { WrappingShare } from "./gift-wrapping.ts";
import { putWrapping, wrappingShare, wrappingSum } from "./gift-wrapping.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt, textAt } from "./json.ts";
import { isDummy, itemsOf, moveState, quantityToInvoice } from "./order-state.ts";
import { phpRound, stored4 } from "./php.ts";
import { addTo, INVOICING } from "./prorate.ts";
import { takeStoredValue } from "./stored-value.ts";

export type InvoiceRequest = {
  ids: DocumentIds;
  /** An item that is not listed is not invoiced. */
  quantities: Quantities;
  earlier: readonly JsonObject[];
  fptInSubtotal: boolean;
  transactionId?: string;
};

/** An invoice over some pieces of an order, paid at once; changes the order's running sums and state. */
export function invoiceOrder(order: JsonObject, request: InvoiceRequest): JsonObject {
  const { ids, quantities } = request;
  const quantityOf = (item: JsonObject): number => quantities.get(textAt(item, "item_id")) ?? 0;
  const items = itemsOf(order).filter((item) => quantityOf(item) > 0);
  const lastOfAll = itemsOf(order).every(
    (item) =>
      isDummy(order, item) || quantityToInvoice(item) === quantityOf(item) || quantityToInvoice(item) === 0,
  );
  const draft = draftRows({ order, stage: INVOICING, ids, items, quantities });
  const invoice = header(draft, request);
  const wrapping = { base: wrappingShare(draft, "base"), order: wrappingShare(draft, "order") };
  for (const side of SIDES)
    collectSide({ draft, request, invoice, side, lastOfAll, wrapping: wrapping[side] });
  putWrapping(draft, invoice, wrapping);
  takeStoredValue(order, invoice, "invoiced");
  bookRows(draft);
  register(order, invoice);
  return invoice;
}

type SideInput = {
  draft: Draft;
  request: InvoiceRequest;
  invoice: JsonObject;
  side: Side;
  lastOfAll: boolean;
  wrapping: WrappingShare;
};

/** Invoice totals in Magento's order: subtotal, discount, shipping, tax, fixed product tax, wrapping, grand total. */
function collectSide(input: SideInput): void {
  const { draft, request, invoice, side, lastOfAll } = input;
  const own = (name: string): number => numberAt(draft.order, fieldOf(side, name));
  const sum = (name: string): number => sumOfRows(draft, side, name);
  // Shipping and its discount go to the first invoice whole (Invoice\Total\Shipping).
  const shipped = request.earlier.some(
    (earlier) => numberAt(earlier, "shipping_amount") !== 0 && numberAt(earlier, "state") !== 3,
  );
  const discounted = request.earlier.some((earlier) => numberAt(earlier, "discount_amount") !== 0);
  const shipping = (name: string): number => (shipped ? 0 : own(name));
  const weee = weeeTotals(draft, side);
  const wrapping = wrappingSum(input.wrapping);
  const allowed = (name: string): number => own(name) - own(INVOICING.used(name));
  const capped = (name: string, amount: number): number =>
    lastOfAll ? allowed(name) : Math.min(allowed(name), amount);
  const subtotal = capped("subtotal", sum("row_total") + (request.fptInSubtotal ? weee.amount : 0));
  const wantedTax = sum("tax_amount") + shipping("shipping_tax_amount") + weee.tax + wrapping.tax;
  const tax = capped("tax_amount", wantedTax);
  const compensation = capped("discount_tax_compensation_amount", sum("discount_tax_compensation_amount"));
  const discount = sum("discount_amount") + (discounted ? 0 : own("shipping_discount_amount"));
  const values = {
    subtotal,
    subtotal_incl_tax: sum("row_total_incl_tax") + weee.amount + weee.tax,
    discount_amount: discount === 0 ? 0 : -discount,
    discount_tax_compensation_amount: compensation,
    shipping_amount: shipping("shipping_amount"),
    shipping_incl_tax: shipping("shipping_incl_tax"),
    shipping_tax_amount: shipping("shipping_tax_amount"),
    shipping_discount_tax_compensation_amount: shipping("shipping_discount_tax_compensation_amount"),
    tax_amount: tax,
  };
  const grandTotal =
    values.subtotal +
    values.discount_amount +
    values.shipping_amount +
    values.tax_amount +
    values.discount_tax_compensation_amount +
    values.shipping_discount_tax_compensation_amount +
    (request.fptInSubtotal ? 0 : weee.amount) +
    wrapping.price;
  for (const [name, value] of Object.entries(values)) invoice[fieldOf(side, name)] = stored4(value);
  invoice[fieldOf(side, "grand_total")] = phpRound(grandTotal, 4);
}

function header({ order, items, rows }: Draft, request: InvoiceRequest): JsonObject {
  const { ids } = request;
  const quantity = rows
    .filter((_, index) => !isDummy(order, items[index] ?? {}))
    .reduce((sum, row) => sum + numberAt(row, "qty"), 0);
  return {
    ...copiedFromOrder(order),
    can_void_flag: 0,
    created_at: ids.at,
    email_sent: 1,
    entity_id: ids.entityId,
    increment_id: ids.incrementId,
    state: 2,
    total_qty: stored4(quantity),
    ...(request.transactionId === undefined ? {} : { transaction_id: request.transactionId }),
    updated_at: ids.at,
    items: rows,
    comments: [],
  };
}

/** Invoice::register and pay: the order's running sums, the payment and the state. */
function register(order: JsonObject, invoice: JsonObject): void {
  const payment = objectAt(order, "payment");
  for (const side of SIDES) {
    const total = numberAt(invoice, fieldOf(side, "grand_total"));
    for (const name of [
      "subtotal",
      "tax_amount",
      "discount_amount",
      "shipping_amount",
      "discount_tax_compensation_amount",
    ]) {
      addTo(order, fieldOf(side, INVOICING.used(name)), numberAt(invoice, fieldOf(side, name)));
    }
    addTo(order, fieldOf(side, "total_invoiced"), total);
    addTo(order, fieldOf(side, "total_paid"), total);
    const due = numberAt(order, fieldOf(side, "grand_total")) - numberAt(order, fieldOf(side, "total_paid"));
    order[fieldOf(side, "total_due")] = stored4(due);
    addTo(payment, fieldOf(side, "amount_paid"), total);
    addTo(payment, fieldOf(side, "shipping_captured"), numberAt(invoice, fieldOf(side, "shipping_amount")));
  }
  addTo(order, "base_total_invoiced_cost", 0);
  if (invoice.transaction_id !== undefined) {
    payment.last_trans_id = invoice.transaction_id;
    addTo(payment, "base_amount_paid_online", numberAt(invoice, "base_grand_total"));
  }
  order.updated_at = textAt(invoice, "created_at");
  moveState(order, true);
}
