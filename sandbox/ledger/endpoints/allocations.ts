import type { Allocation, TradeDocument } from "../books/rows.ts";
import { openAmountOf, resettle } from "../books/settlement.ts";
import { wireDay, wireMsBare } from "../wire/dates.ts";
import { CENTS, roundTo } from "../wire/decimal.ts";
import { errorsOf, jsonReply, type Reply, validationReply } from "../wire/envelope.ts";
import { type JsonRecord, money } from "../wire/json.ts";
import { say } from "../wire/messages.ts";
import { day, decimal, echoShape, guid, type Read, readShape, record, text } from "../wire/shape.ts";
import { settleBatch } from "./batch.ts";
import { type Call, elementsOf, foundOr404, param, reading } from "./call.ts";
import { fireDocumentEvent } from "./document-events.ts";
import { checkLock, lockMessage } from "./locks.ts";
import { Problems } from "./problems.ts";

const allocationShape = {
  AllocationID: guid,
  Amount: decimal,
  Date: day,
  Invoice: record({ InvoiceID: guid, InvoiceNumber: text }),
};
type AllocationDraft = Read<typeof allocationShape>;

/** The three kinds of credit that can be put on an invoice. */
export type CreditPart = "CreditNote" | "Overpayment" | "Prepayment";
const NOUN: Readonly<Record<CreditPart, string>> = {
  CreditNote: "Credit Note",
  Overpayment: "Overpayment",
  Prepayment: "Prepayment",
};

export function allocationEndpoints(part: CreditPart) {
  return {
    create: (call: Call): Reply => createAllocations(call, part),
    remove: (call: Call): Reply => removeAllocation(call, part),
  };
}

export function creditOf(call: Call, part: CreditPart): TradeDocument {
  const found = call.books.get("documents", param(call, "id").toLowerCase());
  const fits =
    part === "CreditNote"
      ? found?.kind === "creditNote"
      : found?.type.endsWith(`-${part.toUpperCase()}`) === true;
  return foundOr404(fits ? found : undefined);
}

function createAllocations(call: Call, part: CreditPart): Reply {
  const { id } = creditOf(call, part);
  const drafts = elementsOf(call, "Allocations", "Allocation").map(({ value, path }) =>
    reading(() => readShape(allocationShape, value, path)),
  );
  return settleBatch(call, {
    plural: "Allocations",
    errorFlag: undefined,
    elements: drafts.map((draft) => () => {
      const { allocation, errors } = allocate(call, part, draft, id);
      if (allocation === undefined) return { ok: false, element: echoShape(allocationShape, draft), errors };
      return { ok: true, element: renderAllocation(part, allocation) };
    }),
  });
}

function allocate(
  call: Call,
  part: CreditPart,
  draft: AllocationDraft,
  sourceId: string,
): { allocation?: Allocation; errors: readonly string[] } {
  const source = foundOr404(call.books.get("documents", sourceId));
  const problems = new Problems();
  const amount = draft.Amount === undefined ? 0n : roundTo(draft.Amount, CENTS, call.org.behaviour.ties);
  if (amount <= 0n) problems.add(say.allocationAmount);
  const invoiceId = draft.Invoice?.InvoiceID;
  const invoice = invoiceId === undefined ? undefined : call.books.get("documents", invoiceId);
  if (invoice?.kind !== "invoice") problems.add(say.documentUnknown);
  else checkPair(call, { part, source, invoice, amount }, problems);
  if (invoice === undefined || !problems.isEmpty) return { errors: problems.document };
  const allocation: Allocation = {
    id: call.newId(),
    sourceId,
    invoiceId: invoice.id,
    amount,
    date: laterDate(source, invoice),
    updatedMs: call.nowMs,
  };
  call.books.put("allocations", allocation);
  settleBoth(call, source, invoice);
  return { allocation, errors: [] };
}

/** An allocation's date is the later of the two documents' (facts/xero.md section 4, CreditNotes). */
const laterDate = (left: TradeDocument, right: TradeDocument): string =>
  [left.date, right.date].sort().at(-1) ?? left.date;

function settleBoth(call: Call, source: TradeDocument, invoice: TradeDocument): void {
  for (const document of [source, invoice]) {
    resettle(call.books, document.id, call.nowMs);
    fireDocumentEvent(call, document, "UPDATE");
  }
}

type Pair = { part: CreditPart; source: TradeDocument; invoice: TradeDocument; amount: bigint };

function checkPair(call: Call, { part, source, invoice, amount }: Pair, problems: Problems): void {
  const noun = NOUN[part];
  const isReceivable = source.type.startsWith("ACCREC") || source.type.startsWith("RECEIVE");
  if (isReceivable !== (invoice.type === "ACCREC")) problems.add(say.allocationWrongType(noun));
  if (source.contactId !== invoice.contactId) problems.add(say.allocationContact(noun));
  if (source.currency !== invoice.currency) problems.add(say.allocationCurrency(noun));
  if (source.status !== "AUTHORISED" && source.status !== "PAID") problems.add(say.allocationStatus(noun));
  if (invoice.status === "PAID") problems.add(say.allocationPaidOff);
  else if (invoice.status !== "AUTHORISED") problems.add(say.allocationStatus("Invoice"));
  const tooMuch = amount > openAmountOf(call.books, source) || amount > openAmountOf(call.books, invoice);
  if (tooMuch) problems.add(say.allocationTooLarge(noun));
  // It fails only when both documents are in the locked period (facts/accounting.md section 1.1, 11).
  checkLock(call, laterDate(source, invoice), problems);
}

function removeAllocation(call: Call, part: CreditPart): Reply {
  const source = creditOf(call, part);
  const allocation = call.books.get("allocations", param(call, "allocationId").toLowerCase());
  const found = foundOr404(allocation?.sourceId === source.id ? allocation : undefined);
  const locked = lockMessage(call, found.date) ?? call.forcedError;
  if (locked !== undefined) {
    return validationReply([{ ...renderAllocation(part, found), ValidationErrors: errorsOf([locked]) }]);
  }
  call.books.remove("allocations", found.id);
  const invoice = foundOr404(call.books.get("documents", found.invoiceId));
  settleBoth(call, source, invoice);
  // The answer has no envelope (examples/openapi/deleteCreditNoteAllocations.json).
  return jsonReply(200, {
    AllocationId: found.id,
    Date: wireMsBare(call.nowMs),
    Invoice: [{ InvoiceID: found.invoiceId }],
    IsDeleted: true,
  });
}

const renderAllocation = (part: CreditPart, allocation: Allocation): JsonRecord => ({
  AllocationID: allocation.id,
  Amount: money(allocation.amount),
  Date: wireDay(allocation.date),
  Invoice: {
    InvoiceID: allocation.invoiceId,
    Payments: [],
    CreditNotes: [],
    Prepayments: [],
    Overpayments: [],
    HasErrors: false,
    IsDiscounted: false,
    LineItems: [],
    ValidationErrors: [],
  },
  [part]: { [`${part}ID`]: allocation.sourceId, ID: allocation.sourceId, LineItems: [] },
  ValidationErrors: [],
});
