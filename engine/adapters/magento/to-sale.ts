/** Magento JSON and the catalogue mirror -> the canonical sale, or a hold that names the field. Pure. */
import { createHash } from "node:crypto";
import type { Held } from "../../core/hold.ts";
import { e4Of } from "../../core/money.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { CanonicalSale } from "../../core/sale.ts";
import { Currency, type Json } from "../../core/shapes.ts";
import type { Catalogue, RawSale } from "../../ports.ts";
import { isRecord } from "./fields.ts";
import { toInstant } from "./instant.ts";
import { MagentoOrder } from "./order.ts";
import {
  fieldHold,
  fieldInvalid,
  fieldMissing,
  negativeTotal,
  notAnOrder,
  orderCancelled,
} from "./order-holds.ts";
import { billingOf, customerKey, shipToOf, toAddress, toCustomer } from "./sale-customer.ts";
import { toFees, toLines, toShipping, toTenders, wholeItems } from "./sale-lines.ts";
import { toReceipts } from "./sale-receipts.ts";

export function toSale(raw: RawSale, catalogue: Catalogue): Result<CanonicalSale, Held> {
  const foreign = foreignBody(raw.order);
  if (foreign !== undefined) return err(foreign);
  const parsed = MagentoOrder.safeParse(raw.order);
  if (!parsed.success) return err(fieldHold(raw.order, parsed.error.issues));
  return saleOf(parsed.data, raw, catalogue);
}

function saleOf(order: MagentoOrder, raw: RawSale, catalogue: Catalogue): Result<CanonicalSale, Held> {
  const head = headOf(order);
  if (!head.ok) return head;
  if (e4Of(order.grand_total) < 0n) return err(negativeTotal(order.grand_total));
  if (order.state === "canceled" && e4Of(order.total_paid) === 0n) return err(orderCancelled);
  const items = wholeItems(order);
  if (!items.ok) return items;
  const lines = toLines(items.value, { order, products: catalogue.products });
  if (!lines.ok) return lines;
  const receipts = toReceipts(order, head.value.placedAt, raw.invoices);
  if (!receipts.ok) return receipts;
  const { customerKey: key, currency, placedAt, ...identity } = head.value;
  const billing = billingOf(order);
  const shipTo = shipToOf(order);
  return ok({
    format: 1,
    source: { system: "magento", type: "order", ...identity, revision: revisionOf(raw) },
    store: storeOf(order, catalogue),
    state: order.state ?? "",
    status: order.status,
    placedAt,
    currency,
    baseCurrency: Currency.safeParse(order.base_currency_code).data ?? null,
    storeRate: rateOf(order),
    virtual: order.is_virtual ?? false,
    coupon: order.coupon_code,
    customer: toCustomer(order, key, catalogue.profile),
    billing: billing === null ? null : toAddress(billing),
    shipTo: shipTo === null ? null : toAddress(shipTo),
    payment: { method: order.payment.method, title: paymentTitle(order) },
    lines: lines.value,
    shipping: toShipping(order),
    fees: toFees(order),
    tenders: toTenders(order),
    receipts: receipts.value,
    purchaseOrder: null,
    edited: { from: null, to: null },
    invoices: [],
    creditMemos: [],
    shipments: [],
    totals: {
      grandTotal: order.grand_total,
      tax: order.tax_amount,
      subtotal: order.subtotal,
      paid: order.total_paid,
      refunded: orElse(order.total_refunded, order.subtotal_refunded),
      cancelled: orElse(order.total_canceled, order.subtotal_canceled),
    },
  });
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

/** Store credit and gift cards leave the totals at zero: then the sums of the goods tell that something went back. */
const orElse = (total: string, subtotal: string): string => (e4Of(total) === 0n ? subtotal : total);

function paymentTitle(order: MagentoOrder): string | null {
  const named = order.extension_attributes.payment_additional_info.find(({ key }) => key === "method_title");
  const title = named?.value ?? order.payment.additional_information[0];
  // The keyed form writes the word "null" for nothing (facts/magento.md section 3).
  return typeof title === "string" && title !== "" && title !== "null" ? title : null;
}

/** The same content has the same revision, whatever the order of its keys. */
function revisionOf({ order, invoices }: RawSale): string {
  return createHash("sha256")
    .update(JSON.stringify([order, ...invoices].map(sorted)))
    .digest("hex");
}

function sorted(json: Json): Json {
  if (Array.isArray(json)) return json.map(sorted);
  if (json === null || typeof json !== "object") return json;
  const entries = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, value]) => [key, sorted(value)]));
}
