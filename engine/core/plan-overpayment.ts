/** Money above what an invoice is due -> an overpayment of the contact, to be allocated or paid back (PAY-07). */
import { bankAccountFault } from "./account-faults.ts";
import { localDate } from "./dates.ts";
import type { Held } from "./hold.ts";
import { dayLeaf, paymentDay } from "./lock-dates.ts";
import { formatCents } from "./money.ts";
import { accountByCode, type Org } from "./org.ts";
import { compose, type PlannedDocument } from "./plan.ts";
import { CONTACT_STEP } from "./plan-contact.ts";
import { computed, fixed, fromField, fromReceipt, fromSetting, fromSource } from "./plan-input.ts";
import type { PaymentParts } from "./plan-payment.ts";

type OverpaymentParts = PaymentParts & { readonly reference: string };

/** Xero books its line to the account of debtors, whatever is sent; it is sent so that the document can be known again. */
export function planOverpayment(parts: OverpaymentParts): PlannedDocument {
  const { input, section, payment, index, account, reference } = parts;
  const { sale, org, spec } = input;
  const path = `${payment.path}/amount`;
  const day = paymentDay(localDate(payment.at, org.timezone), input);
  const amount = computed(formatCents(payment.overCents), "what arrived above the amount due", [
    path,
    "/totals/grandTotal",
  ]);
  const debtors = org.accounts.find(({ systemAccount }) => systemAccount === "DEBTORS")?.code ?? null;
  const { roundingTaxType: untaxed } = spec.settings;
  return {
    step: `overpayment-${index + 1}`,
    after: [CONTACT_STEP, section.step],
    resource: "BankTransactions",
    method: "PUT",
    identity: {
      kind: "overpayment",
      sourceType: "order",
      sourceId: sale.source.id,
      part: payment.key,
      generation: 1,
    },
    lookup: { by: "Reference", value: reference },
    ...compose({
      Type: fixed("RECEIVE-OVERPAYMENT", "money without a document that it settles"),
      Contact: { ContactID: fromReceipt(CONTACT_STEP, "ContactID") },
      BankAccount: { Code: account },
      Date: dayLeaf(day, "capture date in the organisation's time zone", [payment.path]),
      CurrencyCode: fromSource(sale.currency, "/currency"),
      LineAmountTypes: fixed("NoTax", "an overpayment is money without tax"),
      Reference: fromField(reference, "paymentReference"),
      LineItems: [
        {
          Description: fixed("Overpayment", "paid above the amount due"),
          Quantity: fixed("1", "one amount"),
          UnitAmount: amount,
          LineAmount: amount,
          AccountCode: debtors === null ? undefined : fixed(debtors, "Xero's account of debtors"),
          TaxType: untaxed === null ? undefined : fromSetting(untaxed, "roundingTaxType"),
        },
      ],
    }),
  };
}

/** An overpayment is money on a bank account; a clearing account of another type takes payments only. */
export function notABank(org: Org, code: string, field: string): Held | undefined {
  const fault = bankAccountFault(accountByCode(org, code));
  if (fault === undefined) return undefined;
  return {
    hold: "accountNotUsable",
    field,
    detail: `More was paid than is due, and account ${code}, which the payment rule names, ${fault}.`,
    action:
      "Let the payment rule of this method name a bank account, or book the overpayment by hand in Xero.",
  };
}
