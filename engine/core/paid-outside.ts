/**
 * Somebody paid the invoice in the ledger before us: a person, or a bank rule (facts/accounting.md, PAY-17). Plainly the same
 * money is linked; anything else waits for a person. A payment is never sent above the amount that is still due.
 */
import { addDays } from "./dates.ts";
import type { Held } from "./hold.ts";
import { e4Of, formatE4 } from "./money.ts";

/** The same money may be dated a little apart: by the gateway and by the bank. */
const DAYS_APART_MAX = 3;

export type OwnPayment = { readonly amount: string; readonly date: string; readonly account: string };

/** A payment as it stands on the invoice; `account` is null where the ledger did not say. */
export type OtherPayment = {
  readonly id: string;
  readonly amount: string;
  readonly date: string;
  readonly account: string | null;
};

export type PaidOutside =
  | { readonly kind: "due" }
  | { readonly kind: "linked"; readonly id: string }
  | { readonly kind: "held"; readonly hold: Held };

/** `others` are the live payments on the invoice that are not ours. */
export function paidOutside(
  own: OwnPayment,
  amountDue: string | null,
  others: readonly OtherPayment[],
): PaidOutside {
  if (amountDue === null || e4Of(own.amount) <= e4Of(amountDue)) return { kind: "due" };
  const same = others.find((other) => isSameMoney(own, other));
  return same === undefined
    ? { kind: "held", hold: alreadyPaid(own.amount, amountDue) }
    : { kind: "linked", id: same.id };
}

const isSameMoney = (own: OwnPayment, other: OtherPayment): boolean =>
  e4Of(own.amount) === e4Of(other.amount) &&
  own.account === other.account &&
  other.date >= addDays(own.date, -DAYS_APART_MAX) &&
  other.date <= addDays(own.date, DAYS_APART_MAX);

const alreadyPaid = (amount: string, amountDue: string): Held => ({
  hold: "paidOutside",
  field: "/Amount",
  detail: `A payment of ${formatE4(e4Of(amount))} is to be booked, but the invoice is due only ${formatE4(e4Of(amountDue))}: it was paid or credited in Xero.`,
  action:
    "Look at the payments of the invoice in Xero. If they are this money, nothing needs doing; if not, correct them there, then sync the order again.",
});
