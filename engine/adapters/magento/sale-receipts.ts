/** Money that arrived: by the store's paid invoices, else by what the order says was paid. */
import type { Held } from "../../core/hold.ts";
import { e4Of } from "../../core/money.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { SaleReceipt } from "../../core/sale.ts";
import type { Json } from "../../core/shapes.ts";
import { toInstant } from "./instant.ts";
import { MagentoInvoice, type MagentoOrder } from "./order.ts";
import { fieldHold, fieldInvalid } from "./order-holds.ts";

/** Invoice states: 1 open, 2 paid, 3 cancelled (facts/magento.md section 3). */
const PAID = "2";

export function toReceipts(
  order: MagentoOrder,
  placedAt: string,
  invoices: readonly Json[],
): Result<SaleReceipt[], Held> {
  if (invoices.length === 0) return ok(receiptOfOrder(order, placedAt));
  const receipts: SaleReceipt[] = [];
  for (const [index, json] of invoices.entries()) {
    const invoice = MagentoInvoice.safeParse(json);
    if (!invoice.success) return err(fieldHold(json, invoice.error.issues, `invoices[${index}].`));
    const at = toInstant(invoice.data.created_at);
    if (at === undefined) return err(fieldInvalid(`invoices[${index}].created_at`, "a UTC time"));
    if (invoice.data.state !== PAID || e4Of(invoice.data.grand_total) === 0n) continue;
    const transactionId = gatewayId(invoice.data.transaction_id);
    const invoiceKey = `invoice-${invoice.data.entity_id ?? index + 1}`;
    // Two captures of one authorisation can share its id; each is a receipt of its own.
    const isTaken = receipts.some(({ key }) => key === transactionId);
    receipts.push({
      key: transactionId === null || isTaken ? invoiceKey : transactionId,
      amount: invoice.data.grand_total,
      at,
      transactionId,
    });
  }
  return ok(receipts);
}

/**
 * Without its invoices an order says how much was paid but not when: the time that it was placed is the only one that never
 * changes (updated_at moves with any touch of the row), so the same order gives the same payment on every run.
 */
function receiptOfOrder(order: MagentoOrder, placedAt: string): SaleReceipt[] {
  if (e4Of(order.total_paid) <= 0n) return [];
  const transactionId = gatewayId(order.payment.last_trans_id);
  return [{ key: transactionId ?? "order", amount: order.total_paid, at: placedAt, transactionId }];
}

/** Magento appends the kind of movement to the id that the gateway gave: "308236095-capture". */
const gatewayId = (transaction: string | null): string | null =>
  transaction?.replace(/-capture$/, "") || null;
