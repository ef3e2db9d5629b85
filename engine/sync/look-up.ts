/** What the ledger holds of a batch: asked after an unknown outcome, after a refusal as duplicate, and before whatever has no number. */
import { assert, never } from "../core/assert.ts";
import type { Held } from "../core/hold.ts";
import { type OwnPayment, type PaidOutside, paidOutside } from "../core/paid-outside.ts";
import { ok, type Result } from "../core/result.ts";
import type { Json } from "../core/shapes.ts";
import type {
  Batch,
  Findable,
  FindQuery,
  Ledger,
  LedgerDocument,
  OutboxDocument,
  Unreachable,
} from "../ports.ts";
import {
  allocationDocument,
  contactDiffers,
  documentDiffers,
  findAllocation,
  findPayment,
  mergedContact,
  paymentDocument,
} from "./adopt.ts";

export type Found =
  | { readonly kind: "found"; readonly document: LedgerDocument }
  | { readonly kind: "different"; readonly hold: Held }
  | { readonly kind: "absent" };

export type Sent = { readonly document: OutboxDocument; readonly body: Json };

export const sentOf = ({ members, bodies }: Batch): Sent[] =>
  members.map((document, index) => {
    const body = bodies[index];
    assert(body !== undefined, "a frozen batch has a body for each member");
    return { document, body };
  });

/** One call for all of them, two where payments settle invoices and credit notes; in their order. */
export async function lookUp(
  ledger: Ledger,
  resource: Batch["resource"],
  sent: readonly Sent[],
): Promise<Result<readonly Found[], Unreachable>> {
  switch (resource) {
    case "Contacts":
      return lookUpByKey(ledger, sent, { resource, by: "ContactNumber" });
    case "Invoices":
      return lookUpByKey(ledger, sent, { resource, by: "InvoiceNumber" });
    case "CreditNotes":
      return lookUpByKey(ledger, sent, { resource, by: "CreditNoteNumber" });
    case "Items":
      return lookUpByKey(ledger, sent, { resource, by: "Code" });
    case "BankTransactions":
      return lookUpBankTransactions(ledger, sent);
    case "Payments":
      return lookUpSettlements(ledger, sent, takePayment);
    case "Allocations":
      return lookUpSettlements(ledger, sent, takeAllocation);
    default:
      return never(resource);
  }
}

type KeyQuery = {
  [Kind in Exclude<keyof Findable, "BankTransactions">]: {
    readonly resource: Kind;
    readonly by: Findable[Kind];
  };
}[Exclude<keyof Findable, "BankTransactions">];

async function lookUpByKey(
  ledger: Ledger,
  sent: readonly Sent[],
  query: KeyQuery,
): Promise<Result<readonly Found[], Unreachable>> {
  const values = sent.map(({ document }) => document.lookup?.value ?? "");
  assert(!values.includes(""), `${query.resource} have a number`);
  const answer = await ledger.find({ ...query, values: [...new Set(values)] } as FindQuery);
  if (!answer.ok) return answer;
  const byNumber = new Map(answer.value.map((found) => [(found.number ?? "").toLowerCase(), found]));
  return ok(
    sent.map(({ document, body }, index): Found => {
      const found = byNumber.get((values[index] ?? "").toLowerCase());
      if (found === undefined) return { kind: "absent" };
      const merged = mergedContact(found);
      if (merged !== undefined) return { kind: "found", document: merged };
      const hold = differs(query.resource, body, document.total, found);
      return hold === undefined ? { kind: "found", document: found } : { kind: "different", hold };
    }),
  );
}

function differs(
  resource: KeyQuery["resource"],
  body: Json,
  total: string | null,
  found: LedgerDocument,
): Held | undefined {
  switch (resource) {
    case "Contacts":
      return contactDiffers(body, found);
    case "Invoices":
    case "CreditNotes":
      return documentDiffers(body, total, found);
    // An item is its code: whoever made it, lines may carry it.
    case "Items":
      return undefined;
    default:
      return never(resource);
  }
}

/** Bank transactions have no number: ours is the one with our reference that is equal in all else. */
async function lookUpBankTransactions(
  ledger: Ledger,
  sent: readonly Sent[],
): Promise<Result<readonly Found[], Unreachable>> {
  const values = sent.map(({ document }) => document.lookup?.value ?? "");
  assert(!values.includes(""), "a bank transaction has a reference");
  const answer = await ledger.find({
    resource: "BankTransactions",
    by: "Reference",
    values: [...new Set(values)],
  });
  if (!answer.ok) return answer;
  const taken = new Set<string>();
  return ok(
    sent.map(({ document, body }, index): Found => {
      const found = answer.value.find(
        (candidate) =>
          candidate.reference === values[index] &&
          !taken.has(candidate.id) &&
          documentDiffers(body, document.total, candidate) === undefined,
      );
      if (found === undefined) return { kind: "absent" };
      taken.add(found.id);
      return { kind: "found", document: found };
    }),
  );
}

type Take = (body: Json, parent: LedgerDocument, taken: Set<string>) => Found;

/** Ours, or the same money by somebody else's hand; a payment above what is due is never sent (PAY-17). */
const takePayment: Take = (body, parent, taken) => {
  const own = findPayment(body, parent, taken);
  const outside: PaidOutside =
    own === undefined
      ? paidOutside(moneyOf(body), parent.amountDue, othersOf(parent, taken))
      : { kind: "linked", id: own.id };
  if (outside.kind === "due") return { kind: "absent" };
  if (outside.kind === "held") return { kind: "different", hold: outside.hold };
  const payment = parent.payments.find(({ id }) => id === outside.id);
  assert(payment !== undefined, "a payment that is linked is on the invoice");
  taken.add(payment.id);
  return { kind: "found", document: paymentDocument(payment, parent) };
};

const moneyOf = (body: Json): OwnPayment => ({
  amount: textAt(body, "Amount") ?? "0",
  date: textAt(body, "Date") ?? "",
  account: textAt(memberAt(body, "Account"), "Code") ?? "",
});

/** Read on their invoice, payments do not say which account they came to. */
const othersOf = ({ payments }: LedgerDocument, taken: ReadonlySet<string>) =>
  payments
    .filter(({ id, status }) => !taken.has(id) && status !== "DELETED")
    .map(({ id, amount, date }) => ({ id, amount, date: date.slice(0, 10), account: null }));

const takeAllocation: Take = (body, parent, taken) => {
  const allocation = findAllocation(body, parent, taken);
  if (allocation === undefined) return { kind: "absent" };
  taken.add(allocation.id);
  return { kind: "found", document: allocationDocument(allocation, parent) };
};

/** Payments and allocations have no number of their own: they are found on the documents that they settle. */
async function lookUpSettlements(
  ledger: Ledger,
  sent: readonly Sent[],
  take: Take,
): Promise<Result<readonly Found[], Unreachable>> {
  const parents = sent.map(({ body }) => parentOf(body));
  const byId = new Map<string, LedgerDocument>();
  for (const query of parentQueries(parents)) {
    const answer = await ledger.find(query);
    if (!answer.ok) return answer;
    for (const found of answer.value) byId.set(found.id.toLowerCase(), found);
  }
  const taken = new Set<string>();
  return ok(
    sent.map(({ body }, index): Found => {
      const parent = byId.get(parents[index]?.id.toLowerCase() ?? "");
      return parent === undefined ? { kind: "absent" } : take(body, parent, taken);
    }),
  );
}

type Parent = { readonly resource: "Invoices" | "CreditNotes"; readonly id: string };

function parentQueries(parents: readonly Parent[]): FindQuery[] {
  const idsOf = (resource: Parent["resource"]) => [
    ...new Set(parents.filter((parent) => parent.resource === resource).map(({ id }) => id)),
  ];
  const [invoices, notes] = [idsOf("Invoices"), idsOf("CreditNotes")];
  return [
    ...(invoices.length > 0 ? [{ resource: "Invoices", by: "InvoiceID", values: invoices } as const] : []),
    ...(notes.length > 0 ? [{ resource: "CreditNotes", by: "CreditNoteID", values: notes } as const] : []),
  ];
}

/** An allocation names an invoice too: it is found on its credit note. */
function parentOf(body: Json): Parent {
  const note = textAt(memberAt(body, "CreditNote"), "CreditNoteID");
  if (note !== undefined) return { resource: "CreditNotes", id: note };
  const invoice = textAt(memberAt(body, "Invoice"), "InvoiceID");
  assert(invoice !== undefined, "a payment names what it settles");
  return { resource: "Invoices", id: invoice };
}

const memberAt = (value: Json, key: string): Json =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value[key] ?? null) : null;

function textAt(value: Json, key: string): string | undefined {
  const member = memberAt(value, key);
  return typeof member === "string" ? member : undefined;
}
