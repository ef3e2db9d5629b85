/**
 * Which orders wait for the day's summary (facts/accounting.md TIME-10): paid in full by a consumer in the organisation's
 * currency, with nothing about them that a sum over many orders would lose. All others get an invoice of their own.
 */
import { assert } from "./assert.ts";
import type { Held } from "./hold.ts";
import { e4Of, sumOf } from "./money.ts";
import type { DocumentPlan, PlannedDocument } from "./plan.ts";
import { decideFor, type PlanInput } from "./plan-input.ts";
import { orderFacts } from "./sale-facts.ts";
import { INVOICE_STEP } from "./sections.ts";
import type { Json } from "./shapes.ts";

/** `alone` is the plan that the order has when it goes singly; nothing of it may be in the ledger. */
export function belongsInSummary(input: PlanInput, alone: DocumentPlan): boolean {
  const { sale, spec, org } = input;
  const facts = orderFacts(sale, org.timezone);
  const unit = decideFor(spec, "documentUnit", facts, "/", ["unit"]);
  if (!unit.ok || unit.value.outcome.unit !== "daySummary") return false;
  // What an organisation refuses to be told it computes itself, and the tax of a sum is not the sum of the taxes.
  if (spec.settings.taxAmounts === "never") return false;
  const isConsumer = facts["order.business"] === false;
  return (
    isConsumer &&
    sale.currency === org.baseCurrency &&
    sale.creditMemos.length === 0 &&
    isSummable(input, alone)
  );
}

/** What the order has in the sums: the invoice that it would have alone, which later credit notes correct. */
export function shareOf(alone: DocumentPlan): Pick<PlannedDocument, "body" | "lineage"> {
  const invoice = alone.documents.find(({ step }) => step === INVOICE_STEP);
  assert(invoice !== undefined, "a member of a summary has an invoice");
  return { body: invoice.body, lineage: invoice.lineage };
}

/** The day that the order's invoice would have: the calendar date, in the organisation's zone, of the event that dates it. */
export const summaryDay = (alone: DocumentPlan): string => String(shareOf(alone).body.Date);

export const inDaySummary = (alone: DocumentPlan): Held => ({
  hold: "inDaySummary",
  field: "/",
  detail: `The order belongs into the summary of ${summaryDay(alone)}, which is posted for all of its orders together.`,
  action: "Nothing to do: the summary is posted when the day is over.",
});

const SUMMED: readonly PlannedDocument["resource"][] = ["Contacts", "Items", "Invoices", "Payments"];

/** One authorised invoice of the mapping's kind of amounts, paid in full into accounts, that moves no stock. */
function isSummable(input: PlanInput, { documents, checks }: DocumentPlan): boolean {
  const invoices = documents.filter(({ resource }) => resource === "Invoices");
  const [invoice] = invoices;
  if (invoice === undefined || invoices.length > 1 || invoice.step !== INVOICE_STEP) return false;
  if (!documents.every(({ resource }) => SUMMED.includes(resource))) return false;
  const { body } = invoice;
  const isPlain =
    body.Status === "AUTHORISED" && body.LineAmountTypes === input.spec.settings.lineAmountTypes;
  const total = checks.find(({ step, name }) => step === INVOICE_STEP && name === "total");
  const payments = documents.filter(({ resource }) => resource === "Payments");
  const paidE4 = sumOf(payments.map((payment) => e4Of(String(payment.body.Amount))));
  return (
    isPlain && total !== undefined && paidE4 === e4Of(total.actual) && !movesStock(input, documents, body)
  );
}

function movesStock(
  { items }: PlanInput,
  documents: readonly PlannedDocument[],
  { LineItems: lines }: { readonly [key: string]: Json },
): boolean {
  const untracked = documents.flatMap(({ resource, body }) =>
    resource === "Items" && !("InventoryAssetAccountCode" in body) ? [body.Code] : [],
  );
  return codesOf(lines).some((code) => items?.get(code)?.tracked !== false && !untracked.includes(code));
}

const codesOf = (lines: Json | undefined): string[] =>
  Array.isArray(lines)
    ? lines.flatMap((line) =>
        line !== null && typeof line === "object" && !Array.isArray(line) && typeof line.ItemCode === "string"
          ? [line.ItemCode]
          : [],
      )
    : [];
