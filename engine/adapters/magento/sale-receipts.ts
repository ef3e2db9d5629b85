/** Money that arrived: by the store's paid invoices, else by what the order says was paid. */
import type { Held } from "../../core/hold.ts";
import { absOf, e4Of, sumOf } from "../../core/money.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { SaleReceipt } from "../../core/sale.ts";
import type { Json } from "../../core/shapes.ts";
import { toInstant } from "./instant.ts";
import { MagentoInvoice, type MagentoOrder } from "./order.ts";
import { fieldHold, fieldInvalid, paidDiffers } from "./order-holds.ts";

/** Invoice states: 1 open, 2 paid, 3 cancelled (facts/magento.md section 3). */
const PAID = "2";
const CENT_E4 = 100n;

export function toReceipts(
  order: MagentoOrder,
  placedAt: string,
  invoices: readonly Json[],
): Result<SaleReceipt[], Held> {
  if (invoices.length === 0) return ok(receiptOfOrder(order, placedAt));
  const receipts: SaleReceipt[] = [];
  const seen = new Set<string>();
  for (const [index, json] of invoices.entries()) {
    const invoice = MagentoInvoice.safeParse(json);
    if (!invoice.success) return err(fieldHold(json, invoice.error.issues, `invoices[${index}].`));
    const { entity_id: id, order_id: orderId } = invoice.data;
    if (orderId !== undefined && orderId !== order.entity_id)
      return err(fieldInvalid(`invoices[${index}].order_id`, "the id of this order"));
    const at = toInstant(invoice.data.created_at);
    if (at === undefined) return err(fieldInvalid(`invoices[${index}].created_at`, "a UTC time"));
    if (invoice.data.state !== PAID || e4Of(invoice.data.grand_total) === 0n) continue;
    if (id !== undefined && seen.has(id)) continue;
    if (id !== undefined) seen.add(id);
    const transactionId = gatewayId(invoice.data.transaction_id);
    const invoiceKey = `invoice-${id ?? index + 1}`;
    // Two captures of one authorisation can share its id; each is a receipt of its own.
    const isTaken = receipts.some(({ key }) => key === transactionId);
    receipts.push({
      key: transactionId === null || isTaken ? invoiceKey : transactionId,
      amount: invoice.data.grand_total,
      at,
      transactionId,
      invoiceId: id ?? null,
    });
  }
  return paidInFull(order, receipts)
    ? ok(receipts)
    : err(paidDiffers(order.total_paid, sumOfReceipts(receipts)));
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
const gatewayId = (transaction: string | null): string | null =>
  transaction?.replace(/-capture$/, "") || null;
