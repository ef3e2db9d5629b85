/** The store invoices of an order, with what each charges (facts/magento.md section 3, "Invoice"). */
import type { Held } from "../../core/hold.ts";
import { absOf, e4Of, formatE4, sumOf } from "../../core/money.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { StoreInvoice, Tender } from "../../core/sale.ts";
import type { MagentoInvoice } from "./documents.ts";
import { fieldInvalid } from "./order-holds.ts";
import { grossOf } from "./part-sums.ts";
import type { Read } from "./read-documents.ts";
import { type Parts, toParts, type Whole } from "./sale-parts.ts";
import { toTenders } from "./sale-tenders.ts";

const STATES: Readonly<Record<string, StoreInvoice["state"]>> = {
  "1": "open",
  "2": "paid",
  "3": "cancelled",
};
const CENT_E4 = 100n;

export function toStoreInvoices(
  invoices: readonly Read<MagentoInvoice>[],
  whole: Whole,
): Result<StoreInvoice[], Held> {
  const read: StoreInvoice[] = [];
  for (const invoice of invoices) {
    const { document, place, id, number, at } = invoice;
    const state = STATES[document.state ?? ""];
    if (state === undefined)
      return err(fieldInvalid(`${place}.state`, "1 (open), 2 (paid) or 3 (cancelled)"));
    const parts = toParts(invoice, whole);
    if (!parts.ok) return parts;
    const tenders = withPoints(toTenders(document.extension_attributes), document, parts.value, whole);
    const { grand_total: grandTotal, tax_amount: tax } = document;
    read.push({ id, number, at, ...parts.value, grandTotal, tax, state, tenders });
  }
  return ok(read);
}

/**
 * REST leaves the points out of invoices (its OpenAPI, invoice-extension-interface): where an invoice is short by exactly what
 * the order paid with points, they paid it.
 */
function withPoints(
  tenders: readonly Tender[],
  document: MagentoInvoice,
  { lines, shipping, fees }: Parts,
  { order }: Whole,
): Tender[] {
  const pointsE4 = absOf(e4Of(order.extension_attributes.reward_currency_amount));
  if (pointsE4 === 0n || tenders.some(({ kind }) => kind === "rewardPoints")) return [...tenders];
  const paidE4 = e4Of(document.grand_total) + sumOf(tenders.map(({ amount }) => e4Of(amount)));
  const shortE4 = grossOf({ lines, shipping }, fees) - paidE4;
  if (absOf(shortE4 - pointsE4) > CENT_E4) return [...tenders];
  return [...tenders, { kind: "rewardPoints", amount: formatE4(pointsE4) }];
}
