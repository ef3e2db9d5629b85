/** Totals that are neither items nor shipping: gift wrap, Adobe's custom fees, and what modules name. */
import { e4Of, formatE4, sumOf } from "../../core/money.ts";
import type { SaleFee } from "../../core/sale.ts";
import type { Json } from "../../core/shapes.ts";
import { isMemo, type MagentoCreditMemo, type MagentoInvoice, type MoneyDocument } from "./documents.ts";
import { namedTotals } from "./named-totals.ts";
import type { MagentoExtension, MagentoOrder } from "./order.ts";
import { type Charged, grossOf, taxOf } from "./part-sums.ts";
import type { Read } from "./read-documents.ts";

export type Fees = SaleFee[];

/** What lowers the total of a document without being a discount; a module's total is told by what these leave. */
type StoredValue = Pick<
  MagentoExtension,
  "gift_cards_amount" | "customer_balance_amount" | "reward_currency_amount"
>;

export function toFees(order: MagentoOrder, json: Json, charged: Charged): Fees {
  const own = order.extension_attributes;
  const custom = own.custom_fees.map((fee) => customFee(fee, fee.custom_fee_amount));
  const totals = [e4Of(order.grand_total) + storedValue(own)];
  return withNamed([...giftWrap(own), ...custom], json, { charged, totals, tax: order.tax_amount });
}

/** Of an invoice or a credit memo. A custom fee is on the order and names the document that it belongs to. */
export function partFees(read: Read<MoneyDocument>, order: MagentoOrder, charged: Charged): Fees {
  const { document, json, id } = read;
  const own = document.extension_attributes;
  const custom = order.extension_attributes.custom_fees.flatMap((fee) => {
    if (isMemo(document))
      return fee.creditmemo_id === id ? [customFee(fee, fee.custom_fee_amount_refunded)] : [];
    return fee.invoice_id === id ? [customFee(fee, fee.custom_fee_amount_invoiced)] : [];
  });
  const paid = e4Of(document.grand_total);
  const adjustment = isMemo(document) ? adjustmentOf(document) : 0n;
  // Versions differ in whether a credit memo's total has what went back to store credit.
  const totals = [paid + storedValue(own) - adjustment, ...(isMemo(document) ? [paid - adjustment] : [])];
  return withNamed([...giftWrap(own), ...custom], json, { charged, totals, tax: document.tax_amount });
}

export type Adjustments = Pick<
  MagentoCreditMemo,
  "adjustment" | "adjustment_positive" | "adjustment_negative"
>;

/** Goodwill and fee; a document may state only their difference. */
export function adjustmentParts(document: Adjustments): {
  readonly refundE4: bigint;
  readonly feeE4: bigint;
} {
  const { adjustment, adjustment_positive: positive, adjustment_negative: negative } = document;
  if (positive === null && negative === null) {
    const netE4 = e4Of(adjustment ?? "0");
    return netE4 < 0n ? { refundE4: 0n, feeE4: -netE4 } : { refundE4: netE4, feeE4: 0n };
  }
  return { refundE4: e4Of(positive ?? "0"), feeE4: e4Of(negative ?? "0") };
}

function adjustmentOf(document: Adjustments): bigint {
  const { refundE4, feeE4 } = adjustmentParts(document);
  return refundE4 - feeE4;
}

type Sums = { readonly charged: Charged; readonly totals: readonly bigint[]; readonly tax: string };

function withNamed(fees: readonly SaleFee[], json: Json, { charged, totals, tax }: Sums): Fees {
  const known = fees.filter((fee) => e4Of(fee.gross) !== 0n || e4Of(fee.tax) !== 0n);
  const grossE4 = grossOf(charged, known);
  const gapsE4 = totals.map((total) => total - grossE4);
  return [...known, ...namedTotals(json, { gapsE4, taxGapE4: e4Of(tax) - taxOf(charged, known) })];
}

/** Of the order, of its items and of its greeting card: each with its own tax, all under one code for the rules. */
function giftWrap(own: MagentoInvoice["extension_attributes"]): SaleFee[] {
  const wraps = [
    [own.gw_price, own.gw_tax_amount],
    [own.gw_items_price, own.gw_items_tax_amount],
    [own.gw_card_price, own.gw_card_tax_amount],
  ] as const;
  return wraps.map(([net, tax]) => ({ code: "giftWrap", gross: formatE4(e4Of(net) + e4Of(tax)), tax }));
}

const customFee = (fee: MagentoExtension["custom_fees"][number], amount: string): SaleFee => ({
  code: fee.custom_fee_code ?? "customFee",
  gross: amount,
  tax: "0.00",
});

const storedValue = (own: StoredValue): bigint =>
  sumOf([own.gift_cards_amount, own.customer_balance_amount, own.reward_currency_amount].map(e4Of));
