/** A payment that is in the ledger and that the store no longer shows: the ledger follows the money, by a person's hand (PAY-19). */
import type { Held } from "./hold.ts";
import { receiptKeys } from "./payment-keys.ts";
import type { PlanInput } from "./plan-input.ts";

export function withdrawnPayment(input: PlanInput): Held | undefined {
  const { sale, posted = [] } = input;
  const tenders = [
    ...sale.tenders.map(({ kind }) => kind),
    ...sale.invoices.flatMap(({ id, tenders: own }) => own.map(({ kind }) => `${kind}-${id}`)),
  ];
  const known = new Set<string>([...receiptKeys(input).values(), ...tenders]);
  const gone = posted.find(
    ({ identity }) =>
      identity.kind === "payment" && identity.sourceId === sale.source.id && !known.has(identity.part),
  );
  return gone && paymentWithdrawn(String(gone.body.Amount), String(gone.body.Date));
}

const paymentWithdrawn = (amount: string, date: string): Held => ({
  hold: "paymentWithdrawn",
  field: "total_paid",
  detail: `The ledger has a payment of ${amount} on ${date} for this order, and the store no longer shows that it came.`,
  action:
    "Delete the payment in Xero unless it is reconciled with the bank; if the money did come, correct the payment in Magento. Then sync the order again.",
});
