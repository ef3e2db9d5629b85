/**
 * Credit memos and cancellations -> ACCRECCREDIT credit notes, each for its own amounts on the invoice's accounts, tax types
 * and rate (facts/accounting.md 3.5, L3, P10). What is in the ledger already is read, never planned anew.
 */
import { adjustmentLines } from "./credit-adjustments.ts";
import { creditNodes } from "./credit-items.ts";
import { type CreditLines, creditLines } from "./credit-lines.ts";
import { restOf } from "./credit-rest.ts";
import { localDate } from "./dates.ts";
import type { Held } from "./hold.ts";
import { type DocumentDay, datedReference, dayLeaf, documentDay } from "./lock-dates.ts";
import { fillTemplate } from "./mapping.ts";
import { absOf, e4Of, formatCents, sumOf } from "./money.ts";
import { type Check, compose, type Leaf, type Node, type PlannedDocument } from "./plan.ts";
import { CONTACT_STEP, contactNumber } from "./plan-contact.ts";
import { computed, fixed, fromField, fromReceipt, type PlanInput } from "./plan-input.ts";
import { type Owing, planRefund } from "./plan-refund.ts";
import { isPosted, postedAs } from "./posted.ts";
import { type DocumentRead, readDocument } from "./read-document.ts";
import { type Reduction, reductionsOf } from "./reductions.ts";
import { err, ok, type Result } from "./result.ts";
import { templateValue } from "./sale-facts.ts";
import type { Section } from "./sections.ts";

export type CreditNotes = {
  readonly documents: readonly PlannedDocument[];
  readonly checks: readonly Check[];
  readonly warnings: readonly string[];
};

/** An invoice of the sale with what the store says was paid on it, in cents. */
export type Invoiced = {
  readonly section: Section;
  readonly document: PlannedDocument;
  readonly paidCents: bigint;
};

const REFERENCE_MAX = 255;
/** Half a cent: what the store's four decimals leave of a sale that was given back in full. */
const WHOLE_E4 = 50n;

export function planCreditNotes(input: PlanInput, invoiced: readonly Invoiced[]): Result<CreditNotes, Held> {
  const reductions = reductionsOf(
    input.sale,
    invoiced.map(({ section }) => section),
  );
  if (!reductions.ok) return reductions;
  if (reductions.value.length === 0) return ok({ documents: [], checks: [], warnings: [] });
  const invoices = readAll(
    invoiced.map(({ document }) => document),
    input,
  );
  if (!invoices.ok) return invoices;
  let state: State = {
    input,
    invoiced,
    invoices: invoices.value,
    notes: [],
    givenE4: 0n,
    documents: [],
    checks: [],
    warnings: [],
  };
  for (const reduction of reductions.value) {
    const next = withNote(state, reduction);
    if (!next.ok) return next;
    state = next.value;
  }
  return ok(state);
}

type State = CreditNotes & {
  readonly input: PlanInput;
  readonly invoiced: readonly Invoiced[];
  readonly invoices: readonly DocumentRead[];
  readonly notes: readonly DocumentRead[];
  /** What the store has given back so far, without adjustments. */
  readonly givenE4: bigint;
};

function readAll(
  documents: readonly PlannedDocument[],
  { sale, org }: PlanInput,
): Result<DocumentRead[], Held> {
  const read: DocumentRead[] = [];
  for (const document of documents) {
    const one = readDocument(document, sale, org);
    if (!one.ok) return one;
    read.push(one.value);
  }
  return ok(read);
}

/** The credit note of one reduction and its money; documents that are in the ledger stay as they are. */
function withNote(state: State, reduction: Reduction): Result<State, Held> {
  const { input } = state;
  const givenE4 = state.givenE4 + e4Of(reduction.sale.totals.grandTotal);
  const named = invoicesOf(state, reduction);
  const planned = planNote({ ...state, givenE4 }, reduction, named);
  if (!planned.ok) return planned;
  if (planned.value === null) return ok({ ...state, givenE4 });
  const { document, checks, warnings, withheldCents } = planned.value;
  const note = readDocument(document, input.sale, input.org);
  if (!note.ok) return note;
  const over = overRefund(state, note.value);
  if (over !== undefined) return err(over);
  const refund = planRefund({
    input,
    reduction,
    note: note.value,
    withheldCents,
    owing: owingOf(state, named),
  });
  if (!refund.ok) return refund;
  return ok({
    ...state,
    givenE4,
    notes: [...state.notes, note.value],
    documents: [...state.documents, document, ...refund.value.documents],
    checks: [...state.checks, ...checks],
    warnings: [...state.warnings, ...warnings, ...refund.value.warnings],
  });
}

/** The invoices of the sale, that of the reduction's store invoice first. */
function invoicesOf({ invoices }: State, { memo, identity }: Reduction): DocumentRead[] {
  const named = memo?.invoiceId ?? (identity.sourceType === "invoice" ? identity.sourceId : null);
  return invoices.toSorted(
    (a, b) => Number(b.identity.sourceId === named) - Number(a.identity.sourceId === named),
  );
}

type NotePlan = {
  readonly document: PlannedDocument;
  readonly checks: readonly Check[];
  readonly warnings: readonly string[];
  readonly withheldCents: bigint;
};

/** `null` where nothing was given back. */
function planNote(
  state: State,
  reduction: Reduction,
  invoices: readonly DocumentRead[],
): Result<NotePlan | null, Held> {
  const { input, notes } = state;
  const [first] = invoices;
  if (first === undefined) return ok(null);
  const identity = { kind: "creditNote", ...reduction.identity, generation: 1 };
  const shell = {
    step: `credit-note-${reduction.id}`,
    after: [CONTACT_STEP, ...invoices.map(({ step }) => step)],
    identity,
  };
  if (isPosted(input, identity)) {
    const document = postedAs(input, { ...noteShell(shell, reduction, input), body: {}, lineage: {} });
    return ok({ document, checks: [], warnings: [], withheldCents: 0n });
  }
  if (first.currency !== input.sale.currency)
    return err(currencyDiffers(first.currency, input.sale.currency));
  const adjustments = adjustmentLines(input, reduction, invoices, first.mode);
  if (!adjustments.ok) return adjustments;
  const lines = creditLines({
    input,
    reduction,
    invoices,
    mode: first.mode,
    rest: restOf(state.invoices, notes),
    isLast: isWhole(state),
    adjustments: adjustments.value,
  });
  if (!lines.ok) return lines;
  if (lines.value.lines.length === 0) return ok(null);
  if (lines.value.totalCents < 0n) return err(negativeNote(reduction.base, lines.value.totalCents));
  const day = noteDay(input, reduction, first);
  const tree = noteTree({ input, reduction, invoice: first, invoices, lines: lines.value, day });
  return ok({
    document: { ...noteShell(shell, reduction, input), ...compose(tree) },
    checks: checksOf(shell.step, input, lines.value),
    warnings: [...warningsOf(reduction, lines.value), ...rateWarnings(input, reduction, first)],
    withheldCents: lines.value.withheldCents,
  });
}

const noteShell = (
  shell: Pick<PlannedDocument, "step" | "after" | "identity">,
  { number }: Reduction,
  { spec }: PlanInput,
): Omit<PlannedDocument, "body" | "lineage"> => ({
  ...shell,
  resource: "CreditNotes",
  method: "PUT",
  lookup: { by: "CreditNoteNumber", value: spec.settings.numberPrefix + number },
});

/** Everything that was sold has been given back: this note takes what is left to the cent. */
function isWhole({ invoiced, givenE4 }: State): boolean {
  const soldE4 = sumOf(
    invoiced.map(
      ({ section: { sale } }) =>
        e4Of(sale.totals.grandTotal) + sumOf(sale.tenders.map(({ amount }) => e4Of(amount))),
    ),
  );
  return absOf(soldE4 - givenE4) < WHOLE_E4;
}

/** A cancellation has no date of its own that never changes: it is dated as what it takes back. */
function noteDay(input: PlanInput, { memo }: Reduction, invoice: DocumentRead): DocumentDay {
  const date = memo === null ? invoice.date : localDate(memo.at, input.org.timezone);
  return documentDay(date, input);
}

type NoteParts = {
  readonly input: PlanInput;
  readonly reduction: Reduction;
  readonly invoice: DocumentRead;
  readonly invoices: readonly DocumentRead[];
  readonly lines: CreditLines;
  readonly day: DocumentDay;
};

function noteTree(parts: NoteParts): { [key: string]: Node | undefined } {
  const { input, reduction, invoice, day } = parts;
  const { spec } = input;
  const { memo, base } = reduction;
  const isDraft = invoice.isDraft || day.asDraft;
  return {
    Type: fixed("ACCRECCREDIT", "what a sale gives back is an accounts receivable credit note"),
    Contact: { ContactID: fromReceipt(CONTACT_STEP, "ContactID") },
    CreditNoteNumber: computed(
      spec.settings.numberPrefix + reduction.number,
      "number prefix, CN and the store's number",
      [reduction.numberPath],
    ),
    Reference: noteReference(input, reduction, day),
    Date: dayLeaf(
      day,
      memo === null
        ? "date of the invoice that was cancelled"
        : "date of the credit memo in the organisation's time zone",
      [memo === null ? "/state" : `${base}/at`],
    ),
    LineAmountTypes: invoice.leaf("LineAmountTypes"),
    CurrencyCode: invoice.leaf("CurrencyCode"),
    CurrencyRate: rateLeaf(input, invoice),
    BrandingThemeID: invoice.leaf("BrandingThemeID"),
    Status: fixed(
      isDraft ? "DRAFT" : "AUTHORISED",
      day.asDraft
        ? "it belongs into a locked period (setting lockedPeriod)"
        : "as the invoice that it corrects",
    ),
    LineItems: creditNodes(parts),
  };
}

function noteReference(input: PlanInput, { memo }: Reduction, day: DocumentDay): Node {
  const { sale, spec, org } = input;
  const value = templateValue({
    sale,
    timezone: org.timezone,
    contactNumber: contactNumber(input),
    creditMemoNumber: memo?.number ?? "cancelled",
  });
  const { to } = sale.edited;
  const replaced = memo === null && to !== null ? `, replaced by ${to}` : "";
  const text = fillTemplate(spec.fields.creditNoteReference, value) + replaced;
  return fromField(datedReference(text, day, REFERENCE_MAX), "creditNoteReference");
}

/** Tax is given back at the rate at which it was charged (FX-05), unless the mapping wants that of the day. */
function rateLeaf({ spec, org, posted = [] }: PlanInput, invoice: DocumentRead): Leaf | undefined {
  if (spec.settings.refundRate === "xero" || invoice.currency === org.baseCurrency) return undefined;
  const stated = invoice.leaf("CurrencyRate");
  if (stated !== undefined) return stated;
  const rate = posted.find(({ step }) => step === invoice.step)?.currencyRate;
  return rate === undefined || rate === null
    ? undefined
    : computed(rate, "rate that the ledger gave the invoice", ["/currency"]);
}

/** An invoice that is posted together with its credit note has no rate yet that could be copied. */
const rateWarnings = (input: PlanInput, { number }: Reduction, invoice: DocumentRead): string[] =>
  input.spec.settings.refundRate === "invoice" &&
  invoice.currency !== input.org.baseCurrency &&
  rateLeaf(input, invoice) === undefined
    ? [`refundRate: ${number} takes Xero's rate of its day, since the invoice's is not known yet`]
    : [];

function checksOf(step: string, { sale: { currency } }: PlanInput, lines: CreditLines): Check[] {
  const check = (name: "total" | "tax", expected: bigint, actual: bigint): Check => ({
    step,
    name,
    expected: formatCents(expected),
    actual: formatCents(actual),
    currency,
  });
  return [
    check("total", lines.expected.totalCents, lines.totalCents),
    check("tax", lines.expected.taxCents, lines.taxCents),
  ];
}

const warningsOf = ({ number }: Reduction, { expected, totalCents }: CreditLines): string[] =>
  expected.totalCents === totalCents
    ? []
    : [
        `refundRounded: ${number} is ${formatCents(totalCents)}, the store's memo ${formatCents(expected.totalCents)}: it takes what is left of the invoice`,
      ];

/** Automatic credit notes never exceed the invoices (L3); adjustments count. */
function overRefund({ invoices, notes }: State, note: DocumentRead): Held | undefined {
  const soldCents = sumOf(invoices.map(({ totalCents }) => totalCents));
  const givenCents = sumOf([...notes, note].map(({ totalCents }) => totalCents));
  return givenCents > soldCents ? moreThanSold(givenCents, soldCents) : undefined;
}

/** What is still due on each invoice, and of it what the store has invoiced, after the credit notes so far. */
function owingOf({ input, invoiced, documents }: State, invoices: readonly DocumentRead[]): Owing {
  const allocations = documents.filter(({ resource }) => resource === "Allocations");
  const amountOf = ({ body }: PlannedDocument): bigint => e4Of(String(body.Amount)) / 100n;
  const dueCents = new Map(
    invoices.map(({ step, totalCents }) => {
      const paidCents = invoiced.find(({ document }) => document.step === step)?.paidCents ?? 0n;
      const credited = sumOf(allocations.filter(({ after }) => after.includes(step)).map(amountOf));
      const due = totalCents - paidCents - credited;
      return [step, due > 0n ? due : 0n];
    }),
  );
  return {
    invoices,
    dueCents,
    allocatedCents: sumOf(allocations.map(amountOf)),
    paidOut: paidOutOf(input, documents),
  };
}

const paidOutOf = ({ sale }: PlanInput, documents: readonly PlannedDocument[]): Owing["paidOut"] => ({
  capturedE4: sumOf(sale.receipts.map(({ amount }) => e4Of(amount))),
  refundedE4: sumOf(
    documents.flatMap(({ identity, body }) =>
      identity.kind === "refund" && identity.part.startsWith("gateway") ? [e4Of(String(body.Amount))] : [],
    ),
  ),
});

const moreThanSold = (givenCents: bigint, soldCents: bigint): Held => ({
  hold: "overRefund",
  field: "total_refunded",
  detail: `The credit memos of the order come to ${formatCents(givenCents)}, its invoices to ${formatCents(soldCents)}.`,
  action: `Check the credit memos in Magento. If the money went out, credit ${formatCents(soldCents)} and book ${formatCents(givenCents - soldCents)} as goodwill by hand.`,
});

const negativeNote = (field: string, cents: bigint): Held => ({
  hold: "negativeTotal",
  field,
  detail: `The credit note would come to ${formatCents(cents)}: more was kept back than was given back.`,
  action: "Check the adjustment fee of the credit memo in Magento, or book it by hand.",
});

const currencyDiffers = (invoice: string, sale: string): Held => ({
  hold: "currencyDiffers",
  field: "order_currency_code",
  detail: `The invoice in the ledger is in ${invoice}, the credit memo in ${sale}; Xero allocates within one currency only.`,
  action: "Check the currency of the order in Magento, or book the refund by hand.",
});
