/** Chooses and orders the documents of a sale: the one function that knows them all. Preview, replay and sync call it. */
import { accept } from "./acceptance.ts";
import { assert, never } from "./assert.ts";
import { decide } from "./decide.ts";
import type { Held } from "./hold.ts";
import { e4Of, formatCents, formatE4, roundToCents, sumOf } from "./money.ts";
import { type Check, type DocumentPlan, leafPointers, type PlannedDocument } from "./plan.ts";
import { planContact } from "./plan-contact.ts";
import { decideFor, type PlanInput } from "./plan-input.ts";
import { type InvoicePlan, planInvoice } from "./plan-invoice.ts";
import { planPayments } from "./plan-payment.ts";
import { err, ok, type Result } from "./result.ts";
import type { CanonicalSale } from "./sale.ts";
import { orderFacts } from "./sale-facts.ts";
import { orderSection, type Section, storeInvoiceSections } from "./sections.ts";

export type { PlanInput } from "./plan-input.ts";

export function planSale(input: PlanInput): Result<DocumentPlan, Held> {
  const refusal = refusalOf(input);
  if (refusal !== undefined) return err(refusal);
  const contact = planContact(input);
  if (!contact.ok) return contact;
  const sections = sectionsOf(input);
  if (!sections.ok) return sections;
  const invoiced = planSections(input, sections.value);
  if (!invoiced.ok) return invoiced;
  const documents = [
    contact.value,
    ...invoiced.value.flatMap((one) => [one.invoice.document, ...one.payments]),
  ];
  for (const document of documents) assertTotalLineage(document);
  const plan: DocumentPlan = {
    format: 1,
    source: input.sale.source,
    documents,
    checks: invoiced.value.flatMap(({ section, invoice, payments }) => [
      ...invoice.checks,
      paidCheck(section, payments),
    ]),
    warnings: invoiced.value.flatMap(({ invoice }) => invoice.warnings),
  };
  const refused = accept(plan, input.org);
  return refused === undefined ? ok(plan) : err(refused);
}

/** An invoice and what was paid on it. */
type Invoiced = {
  readonly section: Section;
  readonly invoice: InvoicePlan;
  readonly payments: readonly PlannedDocument[];
};

/** What the order's invoices cover: one for the whole, or one for each store invoice. */
function sectionsOf({ sale, spec, org }: PlanInput): Result<Section[], Held> {
  const unit = decideFor(spec, "documentUnit", orderFacts(sale, org.timezone), "/", ["unit"]);
  if (!unit.ok) return unit;
  switch (unit.value.outcome.unit) {
    case "order":
      return ok([orderSection(sale)]);
    case "storeInvoice": {
      const sections = storeInvoiceSections(sale);
      return sections.length === 0 ? err(notInvoiced) : ok(sections);
    }
    case "daySummary":
      return err(inDaySummary);
    default:
      return never(unit.value.outcome.unit);
  }
}

function planSections(input: PlanInput, sections: readonly Section[]): Result<Invoiced[], Held> {
  const invoiced: Invoiced[] = [];
  for (const section of sections) {
    const invoice = planInvoice(input, section);
    if (!invoice.ok) return invoice;
    const taken = sumOf(invoiced.map((one) => BigInt(one.payments.length)));
    const payments = planPayments(input, section, invoice.value, Number(taken));
    if (!payments.ok) return payments;
    invoiced.push({ section, invoice: invoice.value, payments: payments.value });
  }
  return ok(invoiced);
}

/** What keeps a sale from being planned at all, before any document is made. */
function refusalOf({ sale, spec, org }: PlanInput): Held | undefined {
  const { currencies, cutOverDate } = spec.settings;
  if (!currencies.includes(sale.currency)) return currencyNotAllowed(sale.currency, currencies);
  const facts = orderFacts(sale, org.timezone);
  const placedOn = facts["order.placedOn"];
  if (cutOverDate !== null && typeof placedOn === "string" && placedOn < cutOverDate)
    return beforeCutOver(placedOn, cutOverDate);
  const verdict = decide(spec.tables.acceptOrder, facts);
  if (!verdict.ok) return acceptUnknown(verdict.error.fact, verdict.error.ruleId);
  const { outcome, ruleId } = verdict.value;
  return outcome?.kind === "hold" ? heldByRule(ruleId, outcome.reason) : reducedSince(sale);
}

/** An invoice of the whole order overstates one that was refunded or cancelled in part, until credit notes are written. */
function reducedSince({ state, totals, tenders }: CanonicalSale): Held | undefined {
  const amounts = [totals.grandTotal, ...tenders.map(({ amount }) => amount)];
  // Magento closes free orders too; a closed order of any other total was given back, also to store credit.
  const isGivenBack = state === "closed" && amounts.some((amount) => e4Of(amount) !== 0n);
  if (isGivenBack || e4Of(totals.refunded) !== 0n) return refunded(totals.refunded);
  if (state === "canceled" || e4Of(totals.cancelled) !== 0n) return partlyCancelled(totals.cancelled);
  return undefined;
}

function paidCheck({ sale }: Section, payments: readonly PlannedDocument[]): Check {
  const expected = sumOf([...sale.receipts, ...sale.tenders].map(({ amount }) => roundToCents(e4Of(amount))));
  const actual = sumOf(payments.map(({ body }) => e4Of(String(body.Amount)) / 100n));
  return {
    name: "paid",
    expected: formatCents(expected),
    actual: formatCents(actual),
    currency: sale.currency,
  };
}

function assertTotalLineage({ body, lineage, step }: PlannedDocument): void {
  const leaves = leafPointers(body);
  const complete =
    leaves.length === Object.keys(lineage).length && leaves.every((pointer) => pointer in lineage);
  assert(complete, `lineage of ${step} is total`);
}

const currencyNotAllowed = (currency: string, allowed: readonly string[]): Held => ({
  hold: "currencyNotAllowed",
  field: "order_currency_code",
  detail: `The order is in ${currency}; the mapping allows ${allowed.join(", ")}.`,
  action: "Add the currency to the mapping and to the organisation, or book the order by hand.",
});

const beforeCutOver = (placedOn: string, cutOverDate: string): Held => ({
  hold: "beforeCutOver",
  field: "created_at",
  detail: `The order was placed on ${placedOn}, before the cut-over date ${cutOverDate}.`,
  action: "It belongs to the old books. Move the cut-over date only if it was never booked.",
});

const refunded = (amount: string): Held => ({
  hold: "refunded",
  field: "total_refunded",
  detail: `${formatE4(e4Of(amount))} of the order was refunded, its state says what was closed; the invoice alone would overstate the sale.`,
  action: "Book the refund by hand as a credit note, and the invoice too if it is not in the ledger yet.",
});

const partlyCancelled = (amount: string): Held => ({
  hold: "partlyCancelled",
  field: "total_canceled",
  detail: `${formatE4(e4Of(amount))} of the order was cancelled after a part of it was paid or invoiced; the store's total still includes it.`,
  action:
    "Book what was delivered by hand; if the invoice is in the ledger already, credit the cancelled part.",
});

const notInvoiced: Held = {
  hold: "nothingToPost",
  field: "total_invoiced",
  detail: "The mapping makes one invoice for each store invoice, and the order has none yet.",
  action: "Nothing to do: it is posted when the store invoices it.",
};

const inDaySummary: Held = {
  hold: "ruleHolds",
  field: "/",
  detail: "The order belongs into the day's summary, which is posted for all of its orders together.",
  action: "Nothing to do: the summary is posted when the day is over.",
};

const heldByRule = (ruleId: string, reason: string): Held => ({
  hold: "ruleHolds",
  field: "/",
  detail: `Rule "${ruleId}" of acceptOrder: ${reason}`,
  action: "Look at the order, then change the rule or book it by hand.",
});

const acceptUnknown = (fact: string, ruleId: string): Held => ({
  hold: "factUnknown",
  field: "/",
  detail: `Rule "${ruleId}" of acceptOrder looks at ${fact}, which is not known.`,
  action: "Refresh the store's lists, then sync the order again.",
});
