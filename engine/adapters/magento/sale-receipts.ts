/** Money that arrived: by the store's paid invoices, else by what the order says was paid. */
import type { Held } from "../../core/hold.ts";
import { absOf, e4Of, sumOf } from "../../core/money.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { SaleReceipt } from "../../core/sale.ts";
import type { MagentoInvoice } from "./documents.ts";
import type { MagentoOrder } from "./order.ts";
import { paidDiffers } from "./order-holds.ts";
import type { Read } from "./read-documents.ts";

/** Invoice states: 1 open, 2 paid, 3 cancelled (facts/magento.md section 3). */
const PAID = "2";
const CENT_E4 = 100n;

export function toReceipts(
  order: MagentoOrder,
  placedAt: string,
  invoices: readonly Read<MagentoInvoice>[],
): Result<SaleReceipt[], Held> {
  if (invoices.length === 0) return ok(receiptOfOrder(order, placedAt));
  const receipts: SaleReceipt[] = [];
  for (const { document, id, at } of invoices) {
    if (document.state !== PAID || e4Of(document.grand_total) === 0n) continue;
    const transactionId = gatewayId(document.transaction_id);
    // Two captures of one authorisation can share its id; each is a receipt of its own.
    const isTaken = receipts.some(({ key }) => key === transactionId);
    receipts.push({
      key: transactionId === null || isTaken ? `invoice-${id}` : transactionId,
      amount: document.grand_total,
      at,
      transactionId,
      invoiceId: id,
      ...rateOf(document, order),
    });
  }
  return paidInFull(order, receipts)
    ? ok(receipts)
    : err(paidDiffers(order.total_paid, sumOfReceipts(receipts)));
}

/** An invoice copies the order's rate, unless a module sets that of the day on which the money came. */
function rateOf(
  { base_to_order_rate: own }: MagentoInvoice,
  { base_to_order_rate: ordered }: MagentoOrder,
): Pick<SaleReceipt, "rate"> {
  const isOther = own !== null && ordered !== null && e4Of(own) > 0n && e4Of(own) !== e4Of(ordered);
  return isOther ? { rate: own } : {};
}

/** Each invoice is rounded to cents of its own. An order that says nothing of payments takes its invoices' word. */
function paidInFull({ total_paid }: MagentoOrder, receipts: readonly SaleReceipt[]): boolean {
  const paidE4 = e4Of(total_paid);
  return paidE4 === 0n || absOf(paidE4 - sumOfReceipts(receipts)) <= CENT_E4 * BigInt(receipts.length);
}

const sumOfReceipts = (receipts: readonly SaleReceipt[]): bigint =>
  sumOf(receipts.map(({ amount }) => e4Of(amount)));

/**
 * Without its invoices an order says how much was paid but not when: the time that it was placed is the only one that never
 * changes (updated_at moves with any touch of the row), so the same order gives the same payment on every run.
 */
function receiptOfOrder(order: MagentoOrder, placedAt: string): SaleReceipt[] {
  if (e4Of(order.total_paid) <= 0n) return [];
  const transactionId = gatewayId(order.payment.last_trans_id);
  return [
    { key: transactionId ?? "order", amount: order.total_paid, at: placedAt, transactionId, invoiceId: null },
  ];
}

/** Magento appends the kind of movement to the id that the gateway gave: "308236095-capture". */
export const gatewayId = (transaction: string | null): string | null =>
  transaction?.replace(/-capture$/, "") || null;
