/** Money that arrived -> payments on the invoice, each keyed by its transaction or store invoice. */
import { chargedCents } from "./currencies.ts";
import { paymentRate } from "./currency-rate.ts";
import { localDate } from "./dates.ts";
import type { Held } from "./hold.ts";
import { datedReference, dayLeaf, paymentDay } from "./lock-dates.ts";
import { fillTemplate } from "./mapping.ts";
import { e4Of, formatCents, minOf, sumOf } from "./money.ts";
import { receiptKeys } from "./payment-keys.ts";
import { type Check, compose, type Leaf, type PlannedDocument } from "./plan.ts";
import { contactNumber } from "./plan-contact.ts";
import {
  computed,
  type Decided,
  decideFor,
  fromField,
  fromReceipt,
  fromSource,
  type PlanInput,
} from "./plan-input.ts";
import type { InvoicePlan } from "./plan-invoice.ts";
import { notABank, planOverpayment } from "./plan-overpayment.ts";
import { err, ok, type Result } from "./result.ts";
import type { SaleReceipt } from "./sale.ts";
import { cutText, orderFacts, templateValue } from "./sale-facts.ts";
import type { Section } from "./sections.ts";
import { pointerOf } from "./shapes.ts";

const REFERENCE_MAX = 255;
/** Key of the one payment of an order whose store says neither transaction nor invoice. */
const WHOLE_ORDER = "order";

/** One payment: what arrived, how much of it the invoice takes, and where it is written in the sale. */
export type Incoming = {
  readonly key: string;
  readonly cents: bigint;
  /** Of these: tax that a marketplace keeps, and what is above the amount due. */
  readonly withheldCents: bigint;
  readonly overCents: bigint;
  readonly path: string;
  readonly at: string;
  readonly receipt?: SaleReceipt;
  readonly decided: Decided<"payment" | "unpaid">;
};

export type Paid = { readonly documents: readonly PlannedDocument[]; readonly check: Check };

/** The payments of one invoice; `taken` counts those of the invoices before it, so that steps stay apart. */
export function planPayments(
  input: PlanInput,
  section: Section,
  invoice: InvoicePlan,
  taken = 0,
): Result<Paid, Held> {
  const incoming = incomingOf(input, section, invoice);
  if (!incoming.ok) return incoming;
  const overCents = sumOf(incoming.value.map(({ overCents: over }) => over));
  const paidCents = sumOf(incoming.value.map(arrivedCents));
  const isTooMuch = paidCents - overCents > invoice.totalCents;
  if (isTooMuch || (overCents > 0n && input.spec.settings.overpayments === "hold"))
    return err(paidMoreThanTotal(paidCents, invoice.totalCents));
  const documents: PlannedDocument[] = [];
  for (const [place, payment] of incoming.value.entries()) {
    const { outcome, from } = payment.decided;
    if (outcome.kind === "unpaid") continue;
    if (invoice.draftForLock) continue;
    if (invoice.status === "DRAFT") return err(draftWithPayment(payment.path));
    const parts = { input, section, payment, index: taken + place, account: { leaf: outcome.account, from } };
    if (arrivedCents(payment) > payment.overCents) documents.push(paymentDocument(parts));
    if (payment.overCents === 0n) continue;
    const fault = notABank(input.org, outcome.account, payment.path);
    if (fault !== undefined) return err(fault);
    documents.push(planOverpayment({ ...parts, reference: referenceOf(input, payment) }));
  }
  return ok({ documents, check: paidCheck(section, incoming.value) });
}

const arrivedCents = ({ cents, withheldCents }: Incoming): bigint => cents - withheldCents;

function incomingOf(input: PlanInput, section: Section, invoice: InvoicePlan): Result<Incoming[], Held> {
  const receipts: Incoming[] = [];
  const keys = receiptKeys(input);
  const facts = orderFacts(input.sale, input.org.timezone);
  for (const receipt of section.sale.receipts) {
    const cents = chargedCents(e4Of(receipt.amount), input.sale.currency);
    if (cents <= 0n) continue;
    const path = pointerOf("receipts", input.sale.receipts.indexOf(receipt));
    const decided = decideFor(input.spec, "payment", facts, path, ["payment", "unpaid"]);
    if (!decided.ok) return decided;
    const key = keys.get(receipt) ?? receipt.key;
    receipts.push({
      key,
      cents,
      withheldCents: 0n,
      overCents: 0n,
      path,
      at: receipt.at,
      receipt,
      decided: decided.value,
    });
  }
  const tenders = tendersOf(input, section, invoice);
  const dueCents = invoice.totalCents - sumOf(tenders.map(arrivedCents));
  return ok([...withOver(withWithheld(receipts, invoice.withheldCents), dueCents), ...tenders]);
}

/** Gift cards, store credit and points that pay; those that lower the price are lines of the invoice. */
const tendersOf = ({ sale }: PlanInput, section: Section, { tenders }: InvoicePlan): Incoming[] =>
  tenders.flatMap(({ kind, cents, path, decided }): Incoming[] => {
    const { outcome } = decided;
    if (outcome.kind === "discount") return [];
    const key = section.storeInvoice === null ? kind : `${kind}-${section.storeInvoice.id}`;
    const at = section.storeInvoice?.at ?? sale.placedAt;
    return [{ key, cents, withheldCents: 0n, overCents: 0n, path, at, decided: { ...decided, outcome } }];
  });

/** The marketplace keeps its tax out of what the customer paid, last payment first. */
function withWithheld(receipts: readonly Incoming[], totalCents: bigint): Incoming[] {
  let left = totalCents;
  return receipts
    .toReversed()
    .map((receipt) => {
      const withheldCents = minOf(left, receipt.cents);
      left -= withheldCents;
      return { ...receipt, withheldCents };
    })
    .toReversed();
}

/** Each payment settles up to what is still due, in the order of the store; the rest is above it. */
function withOver(receipts: readonly Incoming[], dueCents: bigint): Incoming[] {
  let left = dueCents > 0n ? dueCents : 0n;
  return receipts.map((receipt) => {
    const taken = minOf(left, arrivedCents(receipt));
    left -= taken;
    return { ...receipt, overCents: arrivedCents(receipt) - taken };
  });
}

export type PaymentParts = {
  readonly input: PlanInput;
  readonly section: Section;
  readonly payment: Incoming;
  readonly index: number;
  readonly account: Leaf;
};

function paymentDocument({ input, section, payment, index, account }: PaymentParts): PlannedDocument {
  const { sale, org } = input;
  const day = paymentDay(localDate(payment.at, org.timezone), input);
  const cents = arrivedCents(payment) - payment.overCents;
  const amount = formatCents(cents);
  const path = `${payment.path}/amount`;
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
      Date: dayLeaf(day, "capture date in the organisation's time zone", [payment.path]),
      Amount:
        cents === payment.cents
          ? fromSource(amount, path)
          : computed(amount, "what arrived, up to the amount due", [path, "/totals/grandTotal"]),
      CurrencyRate: paymentRate(input, payment.receipt ?? { at: payment.at }, payment.path),
      Reference: fromField(
        datedReference(referenceOf(input, payment), day, REFERENCE_MAX),
        "paymentReference",
      ),
    }),
  };
}

/**
 * Payments on one invoice are found again by their references, so these must differ: a payment that its reference does not
 * name already is named by its key, which no other payment of the order changes.
 */
function referenceOf(input: PlanInput, { key, receipt }: Incoming): string {
  const { sale, spec, org } = input;
  const value = templateValue({
    sale,
    timezone: org.timezone,
    contactNumber: contactNumber(input),
    ...(receipt && { receipt }),
  });
  const template = spec.fields.paymentReference;
  const text = fillTemplate(template, value);
  const isNamed = receipt?.transactionId === key && template.includes("{payment.transaction");
  const part = key === WHOLE_ORDER || isNamed ? "" : ` (${key})`;
  return cutText(cutText(text, REFERENCE_MAX - part.length) + part, REFERENCE_MAX);
}

/** What was planned as received, overpayments included, against what the store says arrived; a difference is left to the bank. */
function paidCheck({ step, sale }: Section, incoming: readonly Incoming[]): Check {
  const booked = incoming.filter(({ decided }) => decided.outcome.kind === "payment");
  return {
    step,
    name: "paid",
    expected: formatCents(sumOf(incoming.map(arrivedCents))),
    actual: formatCents(sumOf(booked.map(arrivedCents))),
    currency: sale.currency,
  };
}

const paidMoreThanTotal = (paidCents: bigint, totalCents: bigint): Held => ({
  hold: "paidMoreThanTotal",
  field: "total_paid",
  detail: `${formatCents(paidCents)} was paid on an order of ${formatCents(totalCents)}.`,
  action:
    "Check the payments of the order; let overpayments be booked (setting overpayments), or book it by hand.",
});

const draftWithPayment = (field: string): Held => ({
  hold: "draftWithPayment",
  field,
  detail: "A draft invoice cannot take a payment, and the mapping books one.",
  action: "Let such orders be unpaid in the payment rules, or authorise their invoices.",
});
