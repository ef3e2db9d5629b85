/**
 * Where the value of a credit note goes: first it reduces what is still due, then money leaves the account of its destination,
 * and what nobody has paid yet stays open on the note (facts/accounting.md REF-07 to REF-11, L4, L5).
 */
import { chargedCents, roundingLimitCents } from "./currencies.ts";
import { localDate } from "./dates.ts";
import type { Facts } from "./facts.ts";
import type { Held } from "./hold.ts";
import { type DocumentDay, datedReference, dayLeaf, paymentDay } from "./lock-dates.ts";
import { fillTemplate } from "./mapping.ts";
import { absOf, centsToE4, compareText, e4Of, formatCents, formatE4, minOf, sumOf } from "./money.ts";
import { compose, type Leaf, type PlannedDocument } from "./plan.ts";
import { contactNumber } from "./plan-contact.ts";
import { computed, decideFor, fromField, fromReceipt, type PlanInput, ruleNames } from "./plan-input.ts";
import type { DocumentRead } from "./read-document.ts";
import type { Reduction } from "./reductions.ts";
import { err, ok, type Result } from "./result.ts";
import type { CanonicalSale, CreditMemo, RefundDestination, SaleRefund } from "./sale.ts";
import { orderFacts, templateValue } from "./sale-facts.ts";

export type Owing = {
  /** The invoices of the sale, in the order in which the note is put on them. */
  readonly invoices: readonly DocumentRead[];
  /** What is due on each, by step. */
  readonly dueCents: ReadonlyMap<string, bigint>;
  /** What earlier notes were put on invoices. */
  readonly allocatedCents: bigint;
  readonly paidOut: { readonly capturedE4: bigint; readonly refundedE4: bigint };
};

export type RefundInput = {
  readonly input: PlanInput;
  readonly reduction: Reduction;
  readonly note: DocumentRead;
  /** Of what the customer got back, what a marketplace paid. */
  readonly withheldCents: bigint;
  readonly owing: Owing;
};

export type Refund = {
  readonly documents: readonly PlannedDocument[];
  readonly warnings: readonly string[];
};

const REFERENCE_MAX = 255;

export function planRefund(refund: RefundInput): Result<Refund, Held> {
  const { note, reduction } = refund;
  if (note.isDraft)
    return ok({
      documents: [],
      warnings: [`draftCreditNote: ${reduction.number} is a draft; its money waits for it`],
    });
  const allocations = planAllocations(refund);
  const openCents = note.totalCents - sumOf(allocations.map(({ cents }) => cents));
  const payments = planPayments(refund, openCents);
  if (!payments.ok) return payments;
  return ok({ documents: [...allocations.map(({ document }) => document), ...payments.value], warnings: [] });
}

type Allocation = { readonly cents: bigint; readonly document: PlannedDocument };

function planAllocations(refund: RefundInput): Allocation[] {
  const { input, reduction, note, owing } = refund;
  const posted = postedAllocations(refund);
  let limit = storeDueCents(input.sale, reduction.memo, owing.allocatedCents) ?? note.totalCents;
  let open = note.totalCents;
  const allocations: Allocation[] = [];
  for (const invoice of owing.invoices) {
    const known = posted.get(invoice.step);
    const due = minOf(owing.dueCents.get(invoice.step) ?? 0n, limit);
    const cents = known ?? (posted.size > 0 ? 0n : minOf(due, open));
    if (cents <= 0n) continue;
    allocations.push({ cents, document: allocationDocument(refund, invoice, cents, allocations.length) });
    open -= cents;
    limit -= cents;
  }
  return allocations;
}

/** What of the note is on invoices in the ledger already: that is settled, whatever has been paid since. */
function postedAllocations({ input, reduction, owing }: RefundInput): ReadonlyMap<string, bigint> {
  const own = (input.posted ?? []).filter(
    ({ identity }) => identity.kind === "allocation" && identity.sourceId === reduction.identity.sourceId,
  );
  return new Map(
    owing.invoices.flatMap(({ step, identity }): [string, bigint][] => {
      const part = allocationPart(reduction, identity);
      const document = own.find((other) => other.identity.part === part);
      return document === undefined ? [] : [[step, e4Of(String(document.body.Amount)) / 100n]];
    }),
  );
}

/**
 * What is due of what the store has invoiced: goods of the order that it has not invoiced yet are not given back, and a refund
 * of paid ones must not be put on them. `undefined` where the store names no invoices; nothing limits a cancellation.
 */
function storeDueCents(
  sale: CanonicalSale,
  memo: CreditMemo | null,
  allocatedCents: bigint,
): bigint | undefined {
  const standing = sale.invoices.filter(({ state }) => state !== "cancelled");
  if (memo === null || standing.length === 0) return undefined;
  const isAttributed = sale.receipts.every(({ invoiceId }) => invoiceId !== null);
  const named = isAttributed ? standing.filter(({ id }) => id === memo.invoiceId) : [];
  const invoices = named.length > 0 ? named : standing;
  const receipts =
    named.length > 0 ? sale.receipts.filter(({ invoiceId }) => invoiceId === memo.invoiceId) : sale.receipts;
  const cents = (amount: string) => chargedCents(e4Of(amount), sale.currency);
  // What gift cards, store credit and points paid is not in a store invoice's total.
  const due =
    sumOf(invoices.map(({ grandTotal }) => cents(grandTotal))) -
    sumOf(receipts.map(({ amount }) => cents(amount)));
  return due > allocatedCents ? due - allocatedCents : 0n;
}

const allocationPart = ({ identity }: Reduction, invoice: DocumentRead["identity"]): string =>
  [identity.part, invoice.sourceType, invoice.sourceId].filter((part) => part !== "").join("-");

function allocationDocument(
  { reduction, note }: RefundInput,
  invoice: DocumentRead,
  cents: bigint,
  index: number,
): PlannedDocument {
  const later = compareText(note.date, invoice.date) < 0 ? invoice.date : note.date;
  return {
    step: `allocation-${reduction.id}${index === 0 ? "" : `-${index + 1}`}`,
    after: [note.step, invoice.step],
    resource: "Allocations",
    method: "PUT",
    identity: {
      kind: "allocation",
      ...reduction.identity,
      part: allocationPart(reduction, invoice.identity),
      generation: 1,
    },
    lookup: null,
    ...compose({
      CreditNote: { CreditNoteID: fromReceipt(note.step, "CreditNoteID") },
      Invoice: { InvoiceID: fromReceipt(invoice.step, "InvoiceID") },
      Amount: computed(formatCents(cents), "what is still due on the invoice, at most the credit note", [
        reduction.memo === null ? "/totals/paid" : `${reduction.base}/grandTotal`,
      ]),
      Date: computed(later, "the later day of the two documents", [
        reduction.memo === null ? "/placedAt" : `${reduction.base}/at`,
      ]),
    }),
  };
}

/** What leaves last when the note is worth less than the refunds say: money that nobody has paid goes first. */
const GIVES_WAY: readonly RefundDestination[] = [
  "offline",
  "gateway",
  "storeCredit",
  "giftCard",
  "rewardPoints",
];

type Outgoing = {
  readonly refund: SaleRefund;
  readonly path: string;
  readonly part: string;
  readonly cents: bigint;
};

function planPayments(refund: RefundInput, openCents: bigint): Result<PlannedDocument[], Held> {
  const outgoing = outgoingOf(refund, openCents);
  if (!outgoing.ok) return outgoing;
  const documents: PlannedDocument[] = [];
  for (const money of outgoing.value.filter(({ cents }) => cents > 0n)) {
    const account = accountOf(refund, money);
    if (!account.ok) return account;
    if (account.value === null) continue;
    const { destination } = money.refund;
    const over = destination === "gateway" ? morePaidOut(refund, money.cents) : undefined;
    if (over !== undefined) return err(over);
    documents.push(paymentDocument(refund, money, account.value, documents.length));
  }
  return ok(documents);
}

/** The refunds of the memo, less what the note was put on invoices for. */
function outgoingOf(
  { input, reduction, note, withheldCents, owing }: RefundInput,
  openCents: bigint,
): Result<Outgoing[], Held> {
  const { memo, base } = reduction;
  if (memo === null) return ok([]);
  const arePointsLines = owing.invoices.some(({ lines }) => lines.some(({ kind }) => kind === "points"));
  const all = memo.refunds.flatMap((refund, index): Outgoing[] => {
    const isLine = arePointsLines && refund.destination === "rewardPoints";
    const before = memo.refunds
      .slice(0, index)
      .filter(({ destination }) => destination === refund.destination);
    const part = refund.destination + (before.length === 0 ? "" : `-${before.length + 1}`);
    const cents = chargedCents(e4Of(refund.amount), input.sale.currency);
    return isLine ? [] : [{ refund, part, cents, path: `${base}/refunds/${index}` }];
  });
  const statedCents = sumOf(all.map(({ cents }) => cents)) - withheldCents;
  const limitCents = roundingLimitCents(input.spec.settings.roundingLimit, input.sale.currency);
  if (statedCents - note.totalCents > limitCents)
    return err(refundsDiffer(reduction, statedCents, note.totalCents));
  const excess = statedCents + withheldCents - openCents;
  if (excess > 0n) return ok(lessOf(all, excess));
  // Cents that the last note takes more than its memo leave with it; anything else that nobody paid stays open.
  const isRounding = statedCents === 0n || absOf(statedCents - openCents) > limitCents;
  return ok(isRounding ? all : moreOf(all, openCents - statedCents));
}

function lessOf(all: readonly Outgoing[], cents: bigint): Outgoing[] {
  let open = cents;
  const rest = new Map<Outgoing, bigint>();
  for (const money of all.toSorted((a, b) => rank(a) - rank(b))) {
    const taken = minOf(open, money.cents);
    rest.set(money, money.cents - taken);
    open -= taken;
  }
  return all.map((money) => ({ ...money, cents: rest.get(money) ?? money.cents }));
}

const rank = ({ refund }: Outgoing): number => GIVES_WAY.indexOf(refund.destination);

function moreOf(all: readonly Outgoing[], cents: bigint): Outgoing[] {
  const [largest] = all.toSorted((a, b) => Number(b.cents - a.cents));
  return all.map((money) => (money === largest ? { ...money, cents: money.cents + cents } : money));
}

/** The account that the money leaves, `null` where nobody has paid it yet. */
function accountOf({ input }: RefundInput, { refund, path }: Outgoing): Result<Leaf | null, Held> {
  const { destination } = refund;
  const facts: Facts = { ...orderFacts(input.sale, input.org.timezone), "refund.destination": destination };
  const decided = decideFor(input.spec, "refund", facts, path, ["payment", "unpaid"]);
  if (!decided.ok) return decided;
  const { outcome, from, ruleId } = decided.value;
  if (outcome.kind === "unpaid") return ok(null);
  // A clearing account for card money must never pay back gift cards or store credit by default.
  const isStored = destination !== "gateway" && destination !== "offline";
  if (isStored && !ruleNames(input.spec, "refund", ruleId, ["refund.destination"]))
    return err(destinationWithoutRule(path, destination));
  return ok({ leaf: outcome.account, from });
}

/** What leaves the gateway was captured before, less what has left already (L4). */
function morePaidOut({ input, owing }: RefundInput, cents: bigint): Held | undefined {
  const { capturedE4, refundedE4 } = owing.paidOut;
  const paidE4 = capturedE4 === 0n ? e4Of(input.sale.totals.paid) : capturedE4;
  const slackE4 = centsToE4(roundingLimitCents(input.spec.settings.roundingLimit, input.sale.currency));
  const outE4 = refundedE4 + centsToE4(cents);
  return outE4 > paidE4 + slackE4 ? moreThanPaid(outE4, paidE4) : undefined;
}

function paymentDocument(
  { input, reduction, note }: RefundInput,
  { refund, path, part, cents }: Outgoing,
  account: Leaf,
  index: number,
): PlannedDocument {
  const { sale, spec, org } = input;
  const { memo, base } = reduction;
  const day: DocumentDay = paymentDay(localDate(memo?.at ?? sale.placedAt, org.timezone), input);
  const value = templateValue({
    sale,
    timezone: org.timezone,
    contactNumber: contactNumber(input),
    receipt: {
      key: "",
      amount: "0",
      at: sale.placedAt,
      transactionId: refund.transactionId,
      invoiceId: null,
    },
    ...(memo && { creditMemoNumber: memo.number }),
  });
  // A part number keeps the references of several refunds of one note apart, since that is how they are found again.
  const suffix = index === 0 ? "" : ` (${index + 1})`;
  const text = datedReference(
    fillTemplate(spec.fields.refundReference, value),
    day,
    REFERENCE_MAX - suffix.length,
  );
  return {
    step: `refund-${reduction.id}${index === 0 ? "" : `-${index + 1}`}`,
    after: [note.step],
    resource: "Payments",
    method: "PUT",
    identity: { kind: "refund", ...reduction.identity, part, generation: 1 },
    lookup: null,
    ...compose({
      CreditNote: { CreditNoteID: fromReceipt(note.step, "CreditNoteID") },
      Account: { Code: account },
      Date: dayLeaf(day, "date of the credit memo in the organisation's time zone", [`${base}/at`]),
      Amount: computed(
        formatCents(cents),
        "what was refunded to this destination, less what the note reduced the invoice by",
        [`${path}/amount`],
      ),
      Reference: fromField(text + suffix, "refundReference"),
    }),
  };
}

const refundsDiffer = ({ base, number }: Reduction, statedCents: bigint, noteCents: bigint): Held => ({
  hold: "overRefund",
  field: `${base}/refunds`,
  detail: `The store says that ${formatCents(statedCents)} was refunded by ${number}, which comes to ${formatCents(noteCents)}.`,
  action: "Check the credit memo in Magento; more than it says is goodwill, which a person books.",
});

const moreThanPaid = (outE4: bigint, paidE4: bigint): Held => ({
  hold: "overRefund",
  field: "total_refunded",
  detail: `${formatE4(outE4)} would leave by the gateway, but only ${formatE4(paidE4)} was paid by it.`,
  action:
    "Check the payments and credit memos of the order in Magento; what was refunded beyond is booked by a person.",
});

const destinationWithoutRule = (field: string, destination: string): Held => ({
  hold: "noRule",
  field,
  detail: `A part of the refund went to ${destination}; no rule of refund names it.`,
  action: `Add a rule to refund for refund.destination is ${destination} with the liability account that it goes to.`,
});
