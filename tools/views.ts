/** What tools show of records, plans and proposals: ids, amounts, codes and classes. Buyers' text is left out here. */
import { z } from "zod";
import type { DocumentView, RecordView } from "../engine/api.ts";
import type { Held } from "../engine/core/hold.ts";
import { ruleOfHold } from "../engine/core/hold-guide.ts";
import type { DocumentPlan, PlannedDocument } from "../engine/core/plan.ts";
import type { Json } from "../engine/core/shapes.ts";
import { capped, codeOf } from "./untrusted.ts";

export const OrderNumber = z
  .string()
  .min(1)
  .max(50)
  .describe("the store's order number (increment id), e.g. 000000123");
export const ProposalId = z.string().min(1).max(80).describe("proposal id, as list_proposals gives it");
export const Cursor = z
  .string()
  .max(500)
  .nullable()
  .default(null)
  .describe("nextCursor of the page before; leave out for the first page");
export const NextCursor = z
  .string()
  .nullable()
  .describe("pass it as cursor for the next page; null at the end");
export const limitOf = (max: number, preset: number) =>
  z.int().min(1).max(max).default(preset).describe(`page size, at most ${max}`);

/** Amounts are decimal text in the currency beside them. */
export const Amount = z.string().describe("decimal text");

export const HeldView = z.object({
  hold: z.string().describe("class of the reason"),
  field: z.string().describe("the field that caused it"),
  detail: z.string().describe("what was found and what was expected"),
  rule: z.string().describe("which rule or setting would decide it"),
  action: z.string().describe("the next useful action for a person"),
});
export const heldView = (held: Held): z.input<typeof HeldView> => ({
  ...held,
  rule: ruleOfHold(held.hold),
  detail: capped(held.detail, 400),
});

export const DocumentSummary = z.object({
  step: z.string().describe("contact, invoice, payment-1 ..."),
  resource: z.string().describe("kind of ledger document"),
  state: z.string().describe("queued, delivering, delivered, uncertain, failed, held ..."),
  number: z.string().nullable().describe("number in the ledger"),
  ledgerUrl: z.string().nullable().describe("link to it in the ledger"),
  total: Amount.nullable(),
  currency: z.string().nullable(),
  attempt: z.int(),
  error: z.string().nullable().describe("class of the last refusal"),
  mappingVersion: z.int().describe("version of the mapping that planned it"),
});
export const documentSummary = (document: DocumentView): z.input<typeof DocumentSummary> => ({
  step: document.step,
  resource: document.resource,
  state: document.state,
  number: codeOf(document.number),
  ledgerUrl: document.ledgerUrl,
  total: document.total,
  currency: document.currency,
  attempt: document.attempt,
  error: document.error?.kind ?? null,
  mappingVersion: document.specVersion,
});

export const RecordSummary = z.object({
  order: z.string(),
  state: z
    .string()
    .describe("received, held, queued, delivering, uncertain, failed, posted, drifted or skipped"),
  hold: HeldView.nullable().describe("why it waits for a person"),
  total: Amount.nullable(),
  currency: z.string().nullable(),
  changedAt: z.string().describe("UTC"),
  documents: z.array(DocumentSummary),
});
export const recordSummary = (record: RecordView): z.input<typeof RecordSummary> => ({
  order: record.order,
  state: record.state,
  hold: record.hold === null ? null : heldView(record.hold),
  total: record.total,
  currency: record.currency,
  changedAt: record.changedAt,
  documents: record.documents.map(documentSummary),
});

/** What other systems said about the record's documents: text of strangers. */
export const recordTexts = (record: RecordView): [string, string][] =>
  record.documents.flatMap((document) =>
    (document.error?.messages ?? []).map((message): [string, string] => [`${document.step} error`, message]),
  );

export const PlannedLine = z.object({
  account: z.string().nullable().describe("account code"),
  taxType: z.string().nullable(),
  quantity: z.string().nullable(),
  amount: Amount.nullable(),
  tax: Amount.nullable().describe("null where the ledger computes it"),
  tracking: z.array(z.string()).describe('"Category: option"'),
});
export const PlannedView = z.object({
  step: z.string(),
  resource: z.string(),
  number: z.string().nullable(),
  status: z.string().nullable().describe("DRAFT or AUTHORISED for an invoice"),
  date: z.string().nullable(),
  dueDate: z.string().nullable(),
  currency: z.string().nullable(),
  amountsAre: z.string().nullable().describe("Inclusive or Exclusive of tax"),
  account: z.string().nullable().describe("of a payment: the account that receives it"),
  amount: Amount.nullable().describe("of a payment"),
  lines: z.array(PlannedLine).describe("at most 40"),
  linesTotal: z.int().describe("how many lines there are"),
});
export const PlanView = z.object({
  documents: z.array(PlannedView),
  checks: z
    .array(
      z.object({
        step: z.string(),
        name: z.string(),
        expected: Amount,
        actual: Amount,
        currency: z.string(),
      }),
    )
    .describe("totals of the store against those of the plan"),
  warnings: z.array(z.string()),
});

const LINES_SHOWN_MAX = 40;

export const planView = (plan: DocumentPlan): z.input<typeof PlanView> => ({
  documents: plan.documents.map(plannedView),
  checks: plan.checks,
  warnings: plan.warnings,
});

function plannedView({ step, resource, body }: PlannedDocument): z.input<typeof PlannedView> {
  const lines = Array.isArray(body.LineItems) ? body.LineItems : [];
  return {
    step,
    resource,
    number: codeOf(text(body.InvoiceNumber)),
    status: text(body.Status),
    date: text(body.Date),
    dueDate: text(body.DueDate),
    currency: text(body.CurrencyCode),
    amountsAre: text(body.LineAmountTypes),
    account: text(member(body.Account, "Code")),
    amount: text(body.Amount),
    lines: lines.slice(0, LINES_SHOWN_MAX).map(plannedLine),
    linesTotal: lines.length,
  };
}

function plannedLine(line: Json): z.input<typeof PlannedLine> {
  const tracking = member(line, "Tracking");
  return {
    account: text(member(line, "AccountCode")),
    taxType: text(member(line, "TaxType")),
    quantity: text(member(line, "Quantity")),
    amount: text(member(line, "LineAmount")),
    tax: text(member(line, "TaxAmount")),
    tracking: (Array.isArray(tracking) ? tracking : []).map(
      (entry) => `${text(member(entry, "Name")) ?? ""}: ${text(member(entry, "Option")) ?? ""}`,
    ),
  };
}

const member = (value: Json | undefined, key: string): Json | undefined =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? value[key] : undefined;
const text = (value: Json | undefined): string | null =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : null;
