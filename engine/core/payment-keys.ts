/**
 * What tells the payments of an order apart, whatever the order in which the store lists them: the transaction id, or the
 * store invoice where two captures share one. A payment that is in the ledger keeps the key that it was posted with.
 */
import { localDate } from "./dates.ts";
import { compareText, e4Of, formatCents, roundToCents } from "./money.ts";
import type { PlanInput, PostedDocument } from "./plan-input.ts";
import type { SaleReceipt } from "./sale.ts";

export function receiptKeys({ sale, org, posted = [] }: PlanInput): ReadonlyMap<SaleReceipt, string> {
  const payments = posted.filter(({ identity }) => identity.kind === "payment");
  const byTransaction = new Map<string, SaleReceipt[]>();
  for (const receipt of sale.receipts) {
    if (receipt.transactionId === null || receipt.invoiceId === null) continue;
    const { transactionId } = receipt;
    byTransaction.set(transactionId, [...(byTransaction.get(transactionId) ?? []), receipt]);
  }
  const keys = new Map(sale.receipts.map((receipt) => [receipt, receipt.key]));
  for (const [transactionId, receipts] of byTransaction) {
    const open = receipts.filter((receipt) => !isPosted(payments, invoiceKey(receipt)));
    const holder =
      open.length > 0 && isPosted(payments, transactionId)
        ? holderOf(payments, transactionId, open, org.timezone)
        : undefined;
    for (const receipt of receipts) {
      const isAlone = receipts.length === 1 && open.length === 1;
      keys.set(receipt, isAlone || receipt === holder ? transactionId : invoiceKey(receipt));
    }
  }
  return keys;
}

const invoiceKey = ({ invoiceId }: SaleReceipt): string => `invoice-${invoiceId}`;

const isPosted = (payments: readonly PostedDocument[], key: string): boolean =>
  payments.some(({ identity }) => identity.part === key);

/** The receipt that the posted payment was made for: of its amount and day, else the first of its invoices. */
function holderOf(
  payments: readonly PostedDocument[],
  key: string,
  receipts: readonly SaleReceipt[],
  timezone: string,
): SaleReceipt | undefined {
  const body = payments.find(({ identity }) => identity.part === key)?.body;
  const inOrder = receipts.toSorted((a, b) => compareText(a.at, b.at) || byNumber(a, b));
  const sameAmount = inOrder.filter(({ amount }) => formatCents(roundToCents(e4Of(amount))) === body?.Amount);
  return sameAmount.find(({ at }) => localDate(at, timezone) === body?.Date) ?? sameAmount[0] ?? inOrder[0];
}

/** Entity ids are numbers without a fixed width. */
const byNumber = (a: SaleReceipt, b: SaleReceipt): number => {
  const [left, right] = [a.invoiceId ?? "", b.invoiceId ?? ""];
  return left.length - right.length || compareText(left, right);
};
