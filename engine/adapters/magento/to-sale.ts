/** Magento JSON and the catalogue mirror -> the canonical sale, or a hold that names the field. Pure. */
import { createHash } from "node:crypto";
import type { Held } from "../../core/hold.ts";
import { e4Of } from "../../core/money.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { CanonicalSale } from "../../core/sale.ts";
import { Currency, type Json } from "../../core/shapes.ts";
import type { Catalogue, RawSale } from "../../ports.ts";
import { inChargedCurrency } from "./charged-currency.ts";
import { MagentoCreditMemo, MagentoInvoice, MagentoShipment } from "./documents.ts";
import { isRecord } from "./fields.ts";
import { toInstant } from "./instant.ts";
import { wholeItems } from "./items.ts";
import { MagentoOrder } from "./order.ts";
import { fieldHold, fieldInvalid, fieldMissing, negativeTotal, notAnOrder } from "./order-holds.ts";
import { readDocuments } from "./read-documents.ts";
import { toCreditMemos } from "./sale-credit-memos.ts";
import { billingOf, customerKey, shipToOf, toAddress, toCustomer } from "./sale-customer.ts";
import { toFees } from "./sale-fees.ts";
import { toStoreInvoices } from "./sale-invoices.ts";
import { toLines } from "./sale-lines.ts";
import type { Whole } from "./sale-parts.ts";
import { toReceipts } from "./sale-receipts.ts";
import { toShipments } from "./sale-shipments.ts";
import { toShipping } from "./sale-shipping.ts";
import { toTenders } from "./sale-tenders.ts";

export function toSale(raw: RawSale, catalogue: Catalogue): Result<CanonicalSale, Held> {
  const foreign = foreignBody(raw.order);
  if (foreign !== undefined) return err(foreign);
  const charged = inChargedCurrency(raw);
  if (!charged.ok) return charged;
  const parsed = MagentoOrder.safeParse(charged.value.order);
  if (!parsed.success) return err(fieldHold(charged.value.order, parsed.error.issues));
  return saleOf(parsed.data, { raw: charged.value, revision: revisionOf(raw), catalogue });
}

type Reading = { readonly raw: RawSale; readonly revision: string; readonly catalogue: Catalogue };

function saleOf(order: MagentoOrder, { raw, revision, catalogue }: Reading): Result<CanonicalSale, Held> {
  const head = headOf(order);
  if (!head.ok) return head;
  if (e4Of(order.grand_total) < 0n) return err(negativeTotal(order.grand_total));
  const items = wholeItems(order);
  if (!items.ok) return items;
  const lines = toLines(items.value, { order, products: catalogue.products });
  if (!lines.ok) return lines;
  const shipping = toShipping(order);
  const whole: Whole = { order, items: items.value, lines: lines.value, shipping };
  const documents = documentsOf(raw, whole, head.value.placedAt);
  if (!documents.ok) return documents;
  const { customerKey: key, currency, placedAt, ...identity } = head.value;
  const billing = billingOf(order);
  const shipTo = shipToOf(order);
  return ok({
    format: 1,
    source: { system: "magento", type: "order", ...identity, revision },
    store: storeOf(order, catalogue),
    state: order.state ?? "",
    status: order.status,
    placedAt,
    currency,
    baseCurrency: Currency.safeParse(order.base_currency_code).data ?? null,
    storeRate: rateOf(order),
    virtual: order.is_virtual ?? false,
    coupon: order.coupon_code,
    discountRules: (order.applied_rule_ids ?? "").split(",").filter((id) => id !== ""),
    customer: toCustomer(order, key, catalogue.profile),
    billing: billing === null ? null : toAddress(billing),
    shipTo: shipTo === null ? null : toAddress(shipTo),
    payment: { method: order.payment.method, title: paymentTitle(order) },
    lines: lines.value,
    shipping,
    fees: toFees(order, raw.order, { lines: lines.value, shipping }),
    tenders: toTenders(order.extension_attributes),
    ...documents.value,
    purchaseOrder: order.payment.po_number,
    edited: editedOf(order),
    totals: {
      grandTotal: order.grand_total,
      tax: order.tax_amount,
      subtotal: order.subtotal,
      paid: order.total_paid,
      refunded: firstOf([
        order.total_refunded,
        order.subtotal_refunded,
        order.shipping_refunded,
        order.adjustment_positive,
      ]),
      cancelled: firstOf([order.total_canceled, order.subtotal_canceled]),
    },
  });
}

type Documents = Pick<CanonicalSale, "receipts" | "invoices" | "creditMemos" | "shipments">;

function documentsOf(raw: RawSale, whole: Whole, placedAt: string): Result<Documents, Held> {
  const { order } = whole;
  const invoices = readDocuments(raw.invoices, { name: "invoices", schema: MagentoInvoice, order });
  if (!invoices.ok) return invoices;
  const memos = readDocuments(raw.creditMemos, { name: "creditMemos", schema: MagentoCreditMemo, order });
  if (!memos.ok) return memos;
  const shipments = readDocuments(raw.shipments, { name: "shipments", schema: MagentoShipment, order });
  if (!shipments.ok) return shipments;
  const receipts = toReceipts(order, placedAt, invoices.value);
  if (!receipts.ok) return receipts;
  const storeInvoices = toStoreInvoices(invoices.value, whole);
  if (!storeInvoices.ok) return storeInvoices;
  const creditMemos = toCreditMemos(memos.value, whole);
  if (!creditMemos.ok) return creditMemos;
  return ok({
    receipts: receipts.value,
    invoices: storeInvoices.value,
    creditMemos: creditMemos.value,
    shipments: toShipments(shipments.value, whole),
  });
}

/** Editing an order cancels it and places another, numbered after the first of the chain (facts/accounting.md 1.2, point 9). */
function editedOf(order: MagentoOrder): CanonicalSale["edited"] {
  const first = order.original_increment_id === order.increment_id ? null : order.original_increment_id;
  return { from: order.relation_parent_real_id ?? first, to: order.relation_child_real_id };
}

/** What is not an order at all: an event, a page of a list, another document (facts/magento.md section 5). */
function foreignBody(order: Json): Held | undefined {
  if (!isRecord(order))
    return notAnOrder("not a JSON object", "Send one order as GET /V1/orders/:id answers it.");
  if (
    "increment_id" in order &&
    "order_id" in order &&
    !("total_due" in order) &&
    !("items_count" in order)
  ) {
    return notAnOrder(
      "an invoice, a credit memo or a shipment of one",
      "Sync the order that it belongs to; its other documents are read along with it.",
    );
  }
  if ("increment_id" in order) return undefined;
  if (isRecord(order.data) && isRecord(order.data.value)) {
    return notAnOrder(
      "the body of an event, which is only a hint",
      "Sync the order by its number: it is read again from the store, never booked from an event.",
    );
  }
  if (Array.isArray(order.items) && "total_count" in order) {
    return notAnOrder("a page of a list", "Give its items one by one.");
  }
  return undefined;
}

type Head = {
  readonly id: string;
  readonly number: string;
  readonly placedAt: string;
  readonly currency: string;
  readonly customerKey: string;
};

/** What a sale cannot do without. */
function headOf(order: MagentoOrder): Result<Head, Held> {
  const { entity_id: id, increment_id: number } = order;
  if (number === undefined) return err(fieldMissing("increment_id", "the order's number"));
  if (id === undefined) return err(fieldMissing("entity_id", "the order's id"));
  const currency = Currency.safeParse(order.order_currency_code);
  if (!currency.success) {
    const expected = "a currency of three capital letters such as GBP";
    return err(
      order.order_currency_code === ""
        ? fieldMissing("order_currency_code", expected)
        : fieldInvalid("order_currency_code", expected),
    );
  }
  const placedAt = toInstant(order.created_at);
  if (placedAt === undefined)
    return err(fieldInvalid("created_at", "a UTC time such as 2026-10-31 23:30:00"));
  const key = customerKey(order);
  if (key === undefined) {
    return err(fieldMissing("customer_email", "a customer id, an e-mail address or a billing address"));
  }
  return ok({ id, number, placedAt, currency: currency.data, customerKey: key });
}

function storeOf(order: MagentoOrder, { profile }: Catalogue): CanonicalSale["store"] {
  const view = profile.storeViews.find(({ id }) => id === order.store_id);
  return { id: order.store_id ?? "", view: view?.code ?? null, website: view?.website ?? null };
}

/** Zero is what Magento writes into rates that it no longer fills. */
const rateOf = ({ base_to_order_rate: rate }: MagentoOrder): string | null =>
  rate === null || e4Of(rate) === 0n ? null : rate;

/** Store credit and gift cards leave the totals at zero: then the sums of the parts tell that something went back. */
const firstOf = (amounts: readonly string[]): string =>
  amounts.find((amount) => e4Of(amount) !== 0n) ?? "0.00";

function paymentTitle(order: MagentoOrder): string | null {
  const named = order.extension_attributes.payment_additional_info.find(({ key }) => key === "method_title");
  const title = named?.value ?? order.payment.additional_information[0];
  // The keyed form writes the word "null" for nothing (facts/magento.md section 3).
  return typeof title === "string" && title !== "" && title !== "null" ? title : null;
}

/** The store writes the same content in the same order of keys every time, so its text stands for it. */
function revisionOf({ order, invoices, creditMemos, shipments }: RawSale): string {
  return createHash("sha256")
    .update(JSON.stringify([order, ...invoices, ...creditMemos, ...shipments]))
    .digest("hex");
}
