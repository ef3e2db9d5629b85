/** Money that arrived -> payments on the invoice, each keyed by its transaction or store invoice. */
import { localDate } from "./dates.ts";
import type { Held } from "./hold.ts";
import { fillTemplate } from "./mapping.ts";
import { e4Of, formatCents, roundToCents, sumOf } from "./money.ts";
import { compose, type PlannedDocument } from "./plan.ts";
import { contactNumber } from "./plan-contact.ts";
import {
  computed,
  decideFor,
  fromField,
  fromReceipt,
  fromSource,
  type PlanInput,
  ruleNames,
} from "./plan-input.ts";
import { INVOICE_STEP, type InvoicePlan } from "./plan-invoice.ts";
import { err, ok, type Result } from "./result.ts";
import type { SaleReceipt } from "./sale.ts";
import { cutText, orderFacts, templateValue } from "./sale-facts.ts";
import { pointerOf } from "./shapes.ts";

const REFERENCE_MAX = 255;

/** One payment: what arrived, where it is written in the sale, and the method that the rules see. */
type Incoming = {
  readonly key: string;
  readonly cents: bigint;
  readonly path: string;
  readonly at: string;
  readonly method: string | null;
  readonly receipt?: SaleReceipt;
  readonly ruleRequired: boolean;
};

export function planPayments(input: PlanInput, invoice: InvoicePlan): Result<PlannedDocument[], Held> {
  const documents: PlannedDocument[] = [];
  const incoming = incomingOf(input).filter(({ cents }) => cents > 0n);
  const paidCents = sumOf(incoming.map(({ cents }) => cents));
  if (paidCents > invoice.totalCents) return err(paidMoreThanTotal(paidCents, invoice.totalCents));
  for (const [index, payment] of incoming.entries()) {
    const facts = { ...orderFacts(input.sale, input.org.timezone), "payment.method": payment.method };
    const decided = decideFor(input.spec, "payment", facts, payment.path, ["payment", "unpaid"]);
    if (!decided.ok) return decided;
    // A clearing account for card money must never swallow gift cards or store credit by default.
    const isNamed = ruleNames(input.spec, "payment", decided.value.ruleId, ["payment.method"]);
    if (payment.ruleRequired && !isNamed) return err(tenderWithoutRule(payment));
    if (decided.value.outcome.kind === "unpaid") continue;
    if (invoice.status === "DRAFT") return err(draftWithPayment(payment.path));
    const account = { leaf: decided.value.outcome.account, from: decided.value.from };
    documents.push(paymentDocument(input, payment, index, account));
  }
  return ok(documents);
}

function incomingOf({ sale }: PlanInput): Incoming[] {
  const receipts = sale.receipts.map(
    (receipt, index): Incoming => ({
      key: receipt.key,
      cents: roundToCents(e4Of(receipt.amount)),
      path: pointerOf("receipts", index),
      at: receipt.at,
      method: sale.payment.method,
      receipt,
      ruleRequired: false,
    }),
  );
  const tenders = sale.tenders.map(
    ({ kind, amount }, index): Incoming => ({
      key: kind,
      cents: roundToCents(e4Of(amount)),
      path: pointerOf("tenders", index),
      at: sale.placedAt,
      method: kind,
      ruleRequired: true,
    }),
  );
  return [...receipts, ...tenders];
}

function paymentDocument(
  input: PlanInput,
  payment: Incoming,
  index: number,
  account: Parameters<typeof compose>[0][string],
): PlannedDocument {
  const { sale, spec, org } = input;
  const value = templateValue({
    sale,
    timezone: org.timezone,
    contactNumber: contactNumber(input),
    ...(payment.receipt && { receipt: payment.receipt }),
  });
  // A part number keeps the references of several payments on one invoice apart, since that is how they are found again.
  const part = index === 0 ? "" : ` (${index + 1})`;
  const reference =
    cutText(fillTemplate(spec.fields.paymentReference, value), REFERENCE_MAX - part.length) + part;
  return {
    step: `payment-${index + 1}`,
    after: [INVOICE_STEP],
    resource: "Payments",
    method: "PUT",
    identity: {
      kind: "payment",
      sourceType: "order",
      sourceId: sale.source.id,
      part: payment.key,
      generation: 1,
    },
    lookup: null,
    ...compose({
      Invoice: { InvoiceID: fromReceipt(INVOICE_STEP, "InvoiceID") },
      Account: { Code: account },
      Date: computed(localDate(payment.at, org.timezone), "capture date in the organisation's time zone", [
        payment.path,
      ]),
      Amount: fromSource(formatCents(payment.cents), `${payment.path}/amount`),
      Reference: fromField(reference, "paymentReference"),
    }),
  };
}

const paidMoreThanTotal = (paidCents: bigint, totalCents: bigint): Held => ({
  hold: "paidMoreThanTotal",
  field: "total_paid",
  detail: `${formatCents(paidCents)} was paid on an order of ${formatCents(totalCents)}.`,
  action: "Check the payments of the order; an overpayment is booked by a person.",
});

const draftWithPayment = (field: string): Held => ({
  hold: "draftWithPayment",
  field,
  detail: "A draft invoice cannot take a payment, and the mapping books one.",
  action: "Let such orders be unpaid in the payment rules, or authorise their invoices.",
});

const tenderWithoutRule = ({ path, method }: Incoming): Held => ({
  hold: "noRule",
  field: path,
  detail: `Part of the order was paid by ${method}; no payment rule names it.`,
  action: `Add a payment rule for payment.method is ${method} with the liability account that it reduces.`,
});
