import { z } from "zod";
import { ok } from "../engine/core/result.ts";
import type { CanonicalSale, SaleLine } from "../engine/core/sale.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";
import { capped, codeOf, Include, Untrusted, untrusted } from "./untrusted.ts";
import {
  Amount,
  HeldView,
  heldView,
  OrderNumber,
  RecordSummary,
  recordSummary,
  recordTexts,
} from "./views.ts";

const LINES_SHOWN_MAX = 60;

const Line = z.object({
  productType: z.string().nullable(),
  taxClass: z.string().nullable().describe("null when the catalogue mirror lacks the product"),
  categories: z.array(z.string()),
  quantity: z.string(),
  net: Amount,
  discount: Amount,
  tax: Amount,
  taxRate: z.string().nullable().describe("percent"),
});
const Sale = z.object({
  placedAt: z.string().describe("UTC"),
  storeState: z.string().describe("state in the store"),
  storeView: z.string().nullable(),
  customerGroup: z.string().nullable(),
  guest: z.boolean(),
  shipCountry: z.string().nullable().describe("two-letter country code"),
  currency: z.string(),
  paymentMethod: z.string().nullable(),
  grandTotal: Amount,
  tax: Amount,
  paid: Amount,
  refunded: Amount,
  shipping: Amount.nullable().describe("without tax, before discount"),
  lines: z.array(Line).describe("at most 60"),
  linesTotal: z.int(),
});

export const OrderLookup = z.object({
  order: z.string(),
  sale: Sale.nullable().describe("null when the order cannot be read; see hold"),
  hold: HeldView.nullable().describe("why the order cannot be read"),
  record: RecordSummary.nullable().describe("null when the order has never been looked at"),
  untrusted: Untrusted,
});

export const getOrder = defineTool({
  name: "get_order",
  title: "Look up an order",
  description:
    "One order of the store: its amounts, its lines as the mapping rules see them, and where its bookkeeping stands " +
    "(record state, documents in the ledger, reason of a hold). Use it when an order number is known. To see what the mapping " +
    "would make of it use preview_order; to see why a posted number is what it is use explain_record.",
  effect: "read",
  input: z.object({ order: OrderNumber, include: Include }),
  output: OrderLookup,
  run: async ({ order, include }, { engine, connection, session }) => {
    const found = await engine.order(connection, order);
    if (!found.ok) return failed(found.error);
    const { sale, hold, record } = found.value;
    return ok({
      order,
      sale: sale === null ? null : saleView(sale),
      hold: hold === null ? null : heldView(hold),
      record: record === null ? null : recordSummary(record),
      untrusted: untrusted(include, session, [
        ...(sale === null ? [] : saleTexts(sale)),
        ...(record === null ? [] : recordTexts(record)),
      ]),
    });
  },
});

const saleView = (sale: CanonicalSale): z.input<typeof Sale> => ({
  placedAt: sale.placedAt,
  storeState: sale.state,
  storeView: sale.store.view,
  customerGroup: sale.customer.group,
  guest: !sale.customer.registered,
  shipCountry: codeOf((sale.shipTo ?? sale.billing)?.country),
  currency: sale.currency,
  paymentMethod: codeOf(sale.payment.method),
  grandTotal: sale.totals.grandTotal,
  tax: sale.totals.tax,
  paid: sale.totals.paid,
  refunded: sale.totals.refunded,
  shipping: sale.shipping?.net ?? null,
  lines: sale.lines.slice(0, LINES_SHOWN_MAX).map(lineView),
  linesTotal: sale.lines.length,
});

const lineView = (line: SaleLine): z.input<typeof Line> => ({
  productType: codeOf(line.productType),
  taxClass: line.product?.taxClass ?? null,
  categories: (line.product?.categories ?? []).slice(0, 10).map((category) => capped(category, 60)),
  quantity: line.quantity,
  net: line.net,
  discount: line.discount,
  tax: line.tax,
  taxRate: line.taxRate,
});

const saleTexts = (sale: CanonicalSale): [string, string | null][] => [
  ["customer name", [sale.customer.firstName, sale.customer.lastName].filter(Boolean).join(" ")],
  ["company", sale.billing?.company ?? null],
  ["coupon", sale.coupon],
  ...sale.lines.flatMap((line, index): [string, string | null][] => [
    [`line ${index + 1} sku`, line.sku],
    [`line ${index + 1} name`, line.name],
  ]),
];
