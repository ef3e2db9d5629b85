/** Chooses and orders the documents of a sale: the one function that knows them all. Preview, replay and sync call it. */
import { accept } from "./acceptance.ts";
import { assert, never } from "./assert.ts";
import { decide } from "./decide.ts";
import type { Held } from "./hold.ts";
import { linkItems, type SectionItems } from "./item-links.ts";
import { e4Of, formatE4, roundToCents, sumOf } from "./money.ts";
import { type DocumentPlan, leafPointers, type PlannedDocument } from "./plan.ts";
import { planContact } from "./plan-contact.ts";
import { planCreditNotes, type Invoiced as ToCredit } from "./plan-credit-note.ts";
import { decideFor, type PlanInput } from "./plan-input.ts";
import { type InvoicePlan, planInvoice } from "./plan-invoice.ts";
import { type Paid, planPayments } from "./plan-payment.ts";
import { onceEach, planShipments } from "./plan-shipment.ts";
import {
  isPosted,
  postedAs,
  postedContact,
  postedInvoices,
  postedSummary,
  summaryPayments,
} from "./posted.ts";
import { postedInvoice } from "./posted-invoice.ts";
import { neverSupplied, unexplained } from "./reductions.ts";
import { err, ok, type Result } from "./result.ts";
import type { CanonicalSale } from "./sale.ts";
import { orderFacts } from "./sale-facts.ts";
import { orderSection, type Section, storeInvoiceSections } from "./sections.ts";
import { belongsInSummary, inDaySummary } from "./summary-member.ts";
import { withdrawnPayment } from "./withdrawn.ts";

export type { PlanInput } from "./plan-input.ts";

export function planSale(input: PlanInput): Result<DocumentPlan, Held> {
  const plan = planAlone(input);
  const waits = plan.ok && postedInvoices(input).length === 0 && belongsInSummary(input, plan.value);
  return waits ? err(inDaySummary(plan.value)) : plan;
}

/** As if no order ever waited for a summary: what the summary adds up. */
export function planAlone(input: PlanInput): Result<DocumentPlan, Held> {
  const refusal = withdrawnPayment(input) ?? refusalOf(input);
  if (refusal !== undefined) return err(refusal);
  const contact = contactOf(input);
  if (!contact.ok) return contact;
  const sections = sectionsOf(input);
  if (!sections.ok) return sections;
  const items = linkItems(input, sections.value);
  if (!items.ok) return items;
  const invoiced = planSections(input, sections.value, items.value);
  if (!invoiced.ok) return invoiced;
  const notes = planCreditNotes(input, invoiced.value.map(toCredit));
  if (!notes.ok) return notes;
  const shipments = planShipments(input);
  if (!shipments.ok) return shipments;
  const documents = [
    contact.value,
    ...onceEach(invoiced.value.flatMap(({ invoice }) => invoice.items)),
    ...invoiced.value.flatMap((one) => [one.invoice.document, ...one.paid.documents]),
    ...notes.value.documents,
    ...shipments.value.documents,
  ].map((document) => postedAs(input, document));
  for (const document of documents) assertTotalLineage(document);
  const plan: DocumentPlan = {
    format: 1,
    source: input.sale.source,
    documents,
    checks: [
      ...invoiced.value.flatMap(({ invoice, paid }) => [...invoice.checks, paid.check]),
      ...notes.value.checks,
      ...shipments.value.checks,
    ],
    warnings: [
      ...invoiced.value.flatMap(({ invoice }) => invoice.warnings),
      ...notes.value.warnings,
      ...shipments.value.warnings,
    ],
  };
  const fresh = documents.filter(({ identity }) => !isPosted(input, identity));
  const refused = accept({ ...plan, documents: fresh }, input.org);
  return refused === undefined ? ok(plan) : err(refused);
}

/** An invoice and what was paid on it. */
type Invoiced = {
  readonly section: Section;
  readonly invoice: InvoicePlan;
  readonly paid: Paid;
};

const toCredit = ({ section, invoice, paid }: Invoiced): ToCredit => ({
  section,
  document: invoice.document,
  paidCents: e4Of(paid.check.expected) / 100n,
});

/** An order that has been posted keeps its contact: a credit note can only be put on an invoice of the same one. */
function contactOf(input: PlanInput): Result<PlannedDocument, Held> {
  const posted = postedContact(input);
  return posted === undefined ? planContact(input) : ok(posted);
}

/** What the order's invoices cover: one for the whole, or one for each store invoice. What has been posted decides it for good. */
function sectionsOf(input: PlanInput): Result<Section[], Held> {
  const { sale, spec, org } = input;
  const posted = postedInvoices(input);
  if (posted.some(({ sourceType }) => sourceType !== "invoice")) return ok([orderSection(sale)]);
  if (posted.length > 0)
    return ok(
      storeInvoiceSections(
        sale,
        posted.map(({ sourceId }) => sourceId),
      ),
    );
  const unit = decideFor(spec, "documentUnit", orderFacts(sale, org.timezone), "/", ["unit"]);
  if (!unit.ok) return unit;
  switch (unit.value.outcome.unit) {
    case "order":
    case "daySummary":
      return ok([orderSection(sale)]);
    case "storeInvoice": {
      const sections = storeInvoiceSections(sale);
      return sections.length === 0 ? err(notInvoiced) : ok(sections);
    }
    default:
      return never(unit.value.outcome.unit);
  }
}

function planSections(
  input: PlanInput,
  sections: readonly Section[],
  items: ReadonlyMap<string, SectionItems>,
): Result<Invoiced[], Held> {
  const invoiced: Invoiced[] = [];
  for (const section of sections) {
    const invoice = postedInvoice(input, section) ?? planInvoice(input, section, items.get(section.step));
    if (!invoice.ok) return invoice;
    const taken = sumOf(invoiced.map((one) => BigInt(one.paid.documents.length)));
    const paid = planPayments(input, section, invoice.value, Number(taken));
    if (!paid.ok) return paid;
    invoiced.push({ section, invoice: invoice.value, paid: inSummaryToo(input, paid.value) });
  }
  const above = invoicedAboveOrder(input.sale, sections);
  return above === undefined ? ok(invoiced) : err(above);
}

/** Money of an order in a day's summary was booked with the summary; what came above it was not. */
function inSummaryToo(input: PlanInput, paid: Paid): Paid {
  if (postedSummary(input) === undefined) return paid;
  const others = paid.documents.filter(({ resource }) => resource !== "Payments");
  return { ...paid, documents: [...summaryPayments(input), ...others] };
}

/** What keeps a sale from being planned at all, before any document is made. */
function refusalOf(input: PlanInput): Held | undefined {
  const { sale, spec, org } = input;
  // What is in the ledger is corrected, whatever the mapping says of such orders now.
  if (postedInvoices(input).length > 0) return unexplained(sale);
  const { currencies, cutOverDate } = spec.settings;
  if (!currencies.includes(sale.currency)) return currencyNotAllowed(sale.currency, currencies);
  const facts = orderFacts(sale, org.timezone);
  const placedOn = facts["order.placedOn"];
  if (cutOverDate !== null && typeof placedOn === "string" && placedOn < cutOverDate)
    return beforeCutOver(placedOn, cutOverDate, `${sale.currency} ${formatE4(e4Of(sale.totals.grandTotal))}`);
  const verdict = decide(spec.tables.acceptOrder, facts);
  if (!verdict.ok) return acceptUnknown(verdict.error.fact, verdict.error.ruleId);
  const { outcome, ruleId } = verdict.value;
  return outcome?.kind === "hold"
    ? heldByRule(ruleId, outcome.reason)
    : (neverSupplied(sale) ?? unexplained(sale));
}

/** Store invoices are targets of their own, but together they never charge more than the order. */
function invoicedAboveOrder(sale: CanonicalSale, sections: readonly Section[]): Held | undefined {
  const chargedE4 = ({ totals, tenders }: CanonicalSale): bigint =>
    e4Of(totals.grandTotal) + sumOf(tenders.map(({ amount }) => e4Of(amount)));
  const standing = sections.filter(({ storeInvoice }) => storeInvoice?.state !== "cancelled");
  const invoicedE4 = sumOf(standing.map((section) => chargedE4(section.sale)));
  const isAbove = roundToCents(invoicedE4) > roundToCents(chargedE4(sale));
  return isAbove ? invoicedTooMuch(invoicedE4, chargedE4(sale)) : undefined;
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

const beforeCutOver = (placedOn: string, cutOverDate: string, total: string): Held => ({
  hold: "beforeCutOver",
  field: "created_at",
  detail: `The order of ${total} was placed on ${placedOn}, before the cut-over date ${cutOverDate}.`,
  action: "It belongs to the old books. Move the cut-over date only if it was never booked.",
});

const notInvoiced: Held = {
  hold: "nothingToPost",
  field: "total_invoiced",
  detail: "The mapping makes one invoice for each store invoice, and the order has none yet.",
  action: "Nothing to do: it is posted when the store invoices it.",
};

const invoicedTooMuch = (invoicedE4: bigint, orderE4: bigint): Held => ({
  hold: "totalsDiffer",
  field: "total_invoiced",
  detail: `The store invoices of the order come to ${formatE4(invoicedE4)}, more than the order of ${formatE4(orderE4)}.`,
  action: "Check the invoices of the order in Magento; cancel the one that is too much, then sync it again.",
});

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
