import { numberKey } from "../books/books.ts";
import type { DocumentStatus, TradeDocument } from "../books/rows.ts";
import { hasSettlements } from "../books/settlement.ts";
import { errorsOf } from "../wire/envelope.ts";
import { type Input, isRecord, type Json, type JsonRecord } from "../wire/json.ts";
import { say } from "../wire/messages.ts";
import { echoShape, type Read, readShape, ZERO_GUID } from "../wire/shape.ts";
import type { Settled } from "./batch.ts";
import { type Call, type Element, foundOr404, isApprovalLimitReached, reading } from "./call.ts";
import { type BuildInput, buildDocument } from "./document-build.ts";
import { fireDocumentEvent } from "./document-events.ts";
import { renderDocument } from "./document-render.ts";
import { checkSettledEdit, isSilentEdit } from "./document-settled.ts";
import type { CommonDraft, Kind } from "./document-shape.ts";
import { lockMessage } from "./locks.ts";
import { Problems } from "./problems.ts";
import { moveStock } from "./stock.ts";

export type DocumentElement = { draft: DocumentDraft; existing: TradeDocument | undefined };
export type DocumentDraft = CommonDraft & {
  id?: string | undefined;
  number?: string | undefined;
  echo: JsonRecord;
};

export function readDocument(kind: Kind, { value, path }: Element): DocumentDraft {
  const read = reading(() => readShape<Kind["shape"]>(kind.shape, value, path)) as Read<Kind["shape"]> &
    Record<string, unknown>;
  const number = kind.numberName === undefined ? undefined : read[kind.numberName];
  const id = read[kind.idName];
  return {
    ...(read as CommonDraft),
    id: typeof id === "string" ? id : undefined,
    number: typeof number === "string" && number !== "" ? number : undefined,
    echo: echoShape<Kind["shape"]>(kind.shape, read),
  };
}

/** POST finds by id, then by number; PUT only creates (facts/xero.md section 4, Common and section 9). */
export function findExisting(call: Call, kind: Kind, draft: DocumentDraft): TradeDocument | undefined {
  if (draft.id !== undefined) {
    const found = call.books.get("documents", draft.id);
    const known = found?.kind === kind.kind ? found : undefined;
    // PUT /CreditNotes with such an id is refused by its element instead (message 45).
    if (call.method === "PUT" && kind.kind === "creditNote") return undefined;
    const issued = foundOr404(known);
    return call.method === "POST" ? issued : undefined;
  }
  if (call.method !== "POST" || draft.number === undefined) return undefined;
  const types = draft.Type === undefined ? kind.types : kind.types.filter((type) => type === draft.Type);
  for (const type of types) {
    if (type === "ACCPAY" || type === "ACCPAYCREDIT") continue;
    const found = call.books.find("documents", "number", numberKey(type, draft.number))[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

export function settleDocument(call: Call, kind: Kind, { draft, existing }: DocumentElement): Settled {
  const problems = new Problems();
  const input = { call, kind, draft, existing, problems };
  const document = existing === undefined ? create(input) : update({ ...input, existing });
  if (document === undefined || !problems.isEmpty) {
    return { ok: false, element: refusedElement(kind, draft, existing, problems), errors: problems.document };
  }
  call.books.put("documents", document);
  const stockError = moveStock(call, document);
  if (stockError !== undefined) {
    problems.add(stockError);
    return { ok: false, element: refusedElement(kind, draft, existing, problems), errors: problems.document };
  }
  markContact(call, document);
  fireDocumentEvent(call, document, existing === undefined ? "CREATE" : "UPDATE");
  return { ok: true, element: renderDocument(call, document, "single"), warnings: problems.warnings };
}

type SaveInput = Omit<BuildInput, "status">;

function create({ call, kind, draft, problems }: SaveInput): TradeDocument | undefined {
  const fallback: DocumentStatus = kind.kind === "bankTransaction" ? "AUTHORISED" : "DRAFT";
  const status = draft.Status ?? fallback;
  const allowed = kind.kind === "bankTransaction" ? ["AUTHORISED"] : ["DRAFT", "SUBMITTED", "AUTHORISED"];
  if (!allowed.includes(status)) {
    problems.add(say.notValidForCreation(kind.noun));
    return undefined;
  }
  const isUnknown = draft.id !== undefined && call.books.get("documents", draft.id) === undefined;
  if (isUnknown && kind.kind === "creditNote") problems.add(say.creditNoteUnknown);
  const built = buildDocument({ call, kind, draft, existing: undefined, status, problems });
  if (built === undefined) return undefined;
  checkApprovalLimit(call, built, problems);
  return zeroTotalSettled(call, built);
}

/** An approved document of nothing is paid at once (facts/xero.md section 5, rule 10, [M]: a switch). */
function zeroTotalSettled(call: Call, document: TradeDocument): TradeDocument {
  const isDone =
    document.status === "AUTHORISED" && document.total === 0n && document.kind !== "bankTransaction";
  if (!isDone || call.org.behaviour.zeroTotalStatus === "AUTHORISED") return document;
  return { ...document, status: "PAID", fullyPaidOn: document.date };
}

function checkApprovalLimit(call: Call, document: TradeDocument, problems: Problems): void {
  const isApproval = document.type === "ACCREC" && document.status === "AUTHORISED";
  if (isApproval && isApprovalLimitReached(call)) problems.add(say.approvalLimit);
}

/** facts/xero.md section 4, Invoices: VOIDED and DELETED are terminal, PAID comes and goes with payments. */
const MOVES: Readonly<Record<DocumentStatus, readonly DocumentStatus[]>> = {
  DRAFT: ["DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"],
  SUBMITTED: ["SUBMITTED", "AUTHORISED", "DRAFT", "DELETED"],
  AUTHORISED: ["AUTHORISED", "VOIDED"],
  PAID: ["PAID"],
  VOIDED: [],
  DELETED: [],
};
const BANK_MOVES: readonly DocumentStatus[] = ["AUTHORISED", "DELETED", "VOIDED"];

function update(input: SaveInput & { existing: TradeDocument }): TradeDocument | undefined {
  const { call, kind, draft, existing, problems } = input;
  const status = draft.Status ?? existing.status;
  const isSettled = hasSettlements(call.books, existing);
  const refusal = moveRefusal(kind, existing, status, isSettled) ?? lockMessage(call, existing.date);
  if (refusal !== undefined) {
    problems.add(refusal);
    return undefined;
  }
  if (status === "VOIDED" || status === "DELETED") return { ...existing, status, updatedMs: call.nowMs };
  const built = buildDocument({ ...input, status });
  if (built === undefined) return undefined;
  // A document of nothing is paid without a payment, and as final.
  if (!isSettled && existing.status !== "PAID") {
    if (existing.status !== "AUTHORISED") checkApprovalLimit(call, built, problems);
    return zeroTotalSettled(call, built);
  }
  checkSettledEdit(call, existing, built, problems);
  const updatedMs = isSilentEdit(existing, built) ? existing.updatedMs : call.nowMs;
  return { ...built, updatedMs, ...(existing.fullyPaidOn ? { fullyPaidOn: existing.fullyPaidOn } : {}) };
}

function moveRefusal(
  kind: Kind,
  existing: TradeDocument,
  status: DocumentStatus,
  isSettled: boolean,
): string | undefined {
  if (kind.kind === "bankTransaction") {
    if (existing.status !== "AUTHORISED" && existing.status !== "PAID") {
      return say.notValidForModification(kind.noun);
    }
    if (existing.isReconciled) {
      return "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement.";
    }
    if (isSettled) return say.paidDocument;
    return BANK_MOVES.includes(status) ? undefined : say.notValidForModification(kind.noun);
  }
  if (MOVES[existing.status].length === 0) return say.notValidForModification(kind.noun);
  if (status !== existing.status && isSettled) return say.paidDocumentStatus(status);
  return MOVES[existing.status].includes(status) ? undefined : say.notValidForModification(kind.noun);
}

/** IsCustomer and IsSupplier follow from documents and cannot be set (OpenAPI, Contact). */
function markContact(call: Call, document: TradeDocument): void {
  const contact = call.books.get("contacts", document.contactId);
  if (contact === undefined) return;
  const isCustomer = contact.isCustomer || document.type === "ACCREC";
  const isSupplier = contact.isSupplier || document.type === "ACCPAY";
  if (isCustomer !== contact.isCustomer || isSupplier !== contact.isSupplier) {
    call.books.put("contacts", { ...contact, isCustomer, isSupplier });
  }
}

/** The echoed object with its own and its lines' ValidationErrors (facts/xero.md section 4, Common). */
function refusedElement(
  kind: Kind,
  draft: DocumentDraft,
  existing: TradeDocument | undefined,
  problems: Problems,
): JsonRecord {
  const lines = draft.echo.LineItems;
  const list: readonly Json[] = Array.isArray(lines) ? lines : [];
  return {
    ...draft.echo,
    [kind.idName]: existing?.id ?? ZERO_GUID,
    Status: draft.Status ?? existing?.status ?? "DRAFT",
    ...(kind.kind === "bankTransaction" ? {} : { Payments: [] }),
    ...(kind.kind === "invoice"
      ? { CreditNotes: [], Prepayments: [], Overpayments: [], IsDiscounted: false }
      : {}),
    LineItems: list.map((line, index) => ({
      ...(isRecord(line as Input) ? (line as JsonRecord) : {}),
      ValidationErrors: errorsOf(problems.ofLine(index)),
    })),
  };
}
