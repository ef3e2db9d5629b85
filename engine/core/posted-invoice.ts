/** An invoice that is in the ledger takes the place of the planned one: its body is what payments settle and credit notes correct (P10). */
import { assert } from "./assert.ts";
import { chargedCents } from "./currencies.ts";
import type { Held } from "./hold.ts";
import { e4Of, formatCents, roundToCents, sumOf } from "./money.ts";
import type { PlannedDocument } from "./plan.ts";
import { CONTACT_STEP } from "./plan-contact.ts";
import type { PlanInput } from "./plan-input.ts";
import type { InvoicePlan } from "./plan-invoice.ts";
import { isPosted, postedAs, postedSummary } from "./posted.ts";
import { type DocumentRead, readDocument } from "./read-document.ts";
import { ok, type Result } from "./result.ts";
import type { Section } from "./sections.ts";
import { type DecidedTender, decideTenders } from "./tenders.ts";

/** `undefined` for an invoice that is not in the ledger yet. */
export function postedInvoice(input: PlanInput, section: Section): Result<InvoicePlan, Held> | undefined {
  const document = sectionDocument(input, section);
  if (document === undefined) return undefined;
  const read = readDocument(document, input.sale, input.org);
  if (!read.ok) return read;
  const tenders = decideTenders({ ...input, sale: section.sale }, section);
  if (!tenders.ok) return tenders;
  const own = tenders.value.filter((tender) => isPaid(tender, read.value));
  return ok({
    document,
    items: [],
    status: read.value.isDraft ? "DRAFT" : "AUTHORISED",
    draftForLock: read.value.isDraft,
    totalCents: read.value.totalCents,
    withheldCents: withheldOf(read.value),
    tenders: own,
    checks: checksOf(section, read.value),
    warnings: [],
  });
}

function sectionDocument(input: PlanInput, section: Section): PlannedDocument | undefined {
  const identity = { kind: "invoice", ...section.identity, part: "", generation: 1 };
  const shell: Pick<PlannedDocument, "step" | "after" | "resource" | "method"> = {
    step: section.step,
    after: [CONTACT_STEP],
    resource: "Invoices",
    method: "PUT",
  };
  if (isPosted(input, identity)) {
    const document = postedAs(input, { ...shell, identity, lookup: null, body: {}, lineage: {} });
    return { ...document, lookup: lookupOf(document) };
  }
  const summary = postedSummary(input);
  if (summary === undefined) return undefined;
  assert(summary.share !== undefined, "an order in a summary knows its share");
  return { ...shell, identity: summary.identity, lookup: lookupOf(summary), ...summary.share };
}

const lookupOf = ({ body }: Pick<PlannedDocument, "body">): PlannedDocument["lookup"] =>
  typeof body.InvoiceNumber === "string" ? { by: "InvoiceNumber", value: body.InvoiceNumber } : null;

/** Points that lowered the price are a line of the invoice; a rule that calls them a discount since then changes nothing. */
const isPaid = ({ kind }: DecidedTender, { lines }: DocumentRead): boolean =>
  kind !== "rewardPoints" || !lines.some((line) => line.kind === "points");

/** Tax that a marketplace keeps stands on the invoice twice, once to be paid and once as paid. */
const withheldOf = ({ lines }: DocumentRead): bigint =>
  -sumOf(lines.flatMap(({ kind, amountCents }) => (kind === "tax" && amountCents < 0n ? [amountCents] : [])));

/** The store's figures of today against the document: a difference is a change that was made after it was posted. */
function checksOf({ step, sale }: Section, read: DocumentRead): InvoicePlan["checks"] {
  const { currency, totals, tenders } = sale;
  const totalE4 = e4Of(totals.grandTotal) + sumOf(tenders.map(({ amount }) => e4Of(amount)));
  const pointsCents = sumOf(
    read.lines.flatMap(({ kind, amountCents }) => (kind === "points" ? [amountCents] : [])),
  );
  const expected = chargedCents(totalE4, currency) - withheldOf(read) + pointsCents;
  const taxed = read.mode === "NoTax" ? "0" : totals.tax;
  return [
    { step, name: "total", expected: formatCents(expected), actual: formatCents(read.totalCents), currency },
    {
      step,
      name: "tax",
      expected: formatCents(roundToCents(e4Of(taxed))),
      actual: formatCents(read.taxCents),
      currency,
    },
  ];
}
