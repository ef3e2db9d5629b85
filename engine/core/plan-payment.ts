/** Money that arrived -> payments on the invoice, each keyed by its transaction or store invoice. */
import { localDate } from "./dates.ts";
import type { Held } from "./hold.ts";
import { fillTemplate } from "./mapping.ts";
import { e4Of, formatCents, roundToCents, sumOf } from "./money.ts";
import { compose, type Leaf, type PlannedDocument } from "./plan.ts";
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
import type { InvoicePlan } from "./plan-invoice.ts";
import { err, ok, type Result } from "./result.ts";
import type { SaleReceipt } from "./sale.ts";
import { cutText, orderFacts, templateValue } from "./sale-facts.ts";
import type { Section } from "./sections.ts";
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

/** The payments of one invoice; `taken` counts those of the invoices before it, so that steps stay apart. */
export function planPayments(
  input: PlanInput,
  section: Section,
  invoice: InvoicePlan,
  taken = 0,
): Result<PlannedDocument[], Held> {
  const documents: PlannedDocument[] = [];
  const incoming = incomingOf(input, section).filter(({ cents }) => cents > 0n);
  const paidCents = sumOf(incoming.map(({ cents }) => cents));
  if (paidCents > invoice.totalCents) return err(paidMoreThanTotal(paidCents, invoice.totalCents));
  for (const [place, payment] of incoming.entries()) {
    const index = taken + place;
    const facts = { ...orderFacts(input.sale, input.org.timezone), "payment.method": payment.method };
    const decided = decideFor(input.spec, "payment", facts, payment.path, ["payment", "unpaid"]);
    if (!decided.ok) return decided;
    // A clearing account for card money must never swallow gift cards or store credit by default.
    const isNamed = ruleNames(input.spec, "payment", decided.value.ruleId, ["payment.method"]);
    if (payment.ruleRequired && !isNamed) return err(tenderWithoutRule(payment));
    if (decided.value.outcome.kind !== "payment") continue;
    if (invoice.status === "DRAFT") return err(draftWithPayment(payment.path));
    const account = { leaf: decided.value.outcome.account, from: decided.value.from };
    documents.push(paymentDocument({ input, section, payment, index, account }));
  }
  return ok(documents);
}

function incomingOf({ sale }: PlanInput, section: Section): Incoming[] {
  const own = section.sale;
  const receipts = own.receipts.map(
    (receipt): Incoming => ({
      key: receipt.key,
      cents: roundToCents(e4Of(receipt.amount)),
      path: pointerOf("receipts", sale.receipts.indexOf(receipt)),
      at: receipt.at,
      method: sale.payment.method,
      receipt,
      ruleRequired: false,
    }),
  );
  const tenders = own.tenders.map(
    ({ kind, amount }, index): Incoming => ({
      key: section.storeInvoice === null ? kind : `${kind}-${section.storeInvoice.id}`,
      cents: roundToCents(e4Of(amount)),
      path: section.base + pointerOf("tenders", index),
      at: section.storeInvoice?.at ?? sale.placedAt,
      method: kind,
      ruleRequired: true,
    }),
  );
  return [...receipts, ...tenders];
}

type PaymentParts = {
  readonly input: PlanInput;
  readonly section: Section;
  readonly payment: Incoming;
  readonly index: number;
  readonly account: Leaf;
};

function paymentDocument({ input, section, payment, index, account }: PaymentParts): PlannedDocument {
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
    after: [section.step],
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
      Invoice: { InvoiceID: fromReceipt(section.step, "InvoiceID") },
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
