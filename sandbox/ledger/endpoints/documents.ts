import { numberKey } from "../books/books.ts";
import type { TradeDocument } from "../books/rows.ts";
import { amountCredited, amountPaid, openAmountOf } from "../books/settlement.ts";
import { msOfDay } from "../wire/dates.ts";
import { okReply, type Reply } from "../wire/envelope.ts";
import { listRows } from "../wire/listing.ts";
import { isGuid } from "../wire/shape.ts";
import {
  dateField,
  decimalField,
  guidField,
  inUnits,
  type QueryFields,
  stringField,
} from "../wire/where-eval.ts";
import { settleBatch } from "./batch.ts";
import { type Call, elementsOf, foundOr404, onlyElementOf, param } from "./call.ts";
import { renderDocument } from "./document-render.ts";
import { findExisting, readDocument, settleDocument } from "./document-save.ts";
import type { Kind } from "./document-shape.ts";

/** GET, PUT and POST of Invoices, CreditNotes and BankTransactions. */
export function documentEndpoints(kind: Kind) {
  return {
    list: (call: Call): Reply => listDocuments(call, kind),
    get: (call: Call): Reply => {
      const document = findDocument(call, kind);
      return okReply(call.nowMs, kind.plural, [renderDocument(call, document, "single")]);
    },
    save: (call: Call): Reply => {
      // Every element is read, and every id found, before the first is saved: a 404 or a 14 saves nothing.
      const elements = elementsOf(call, kind.plural, kind.noun).map((element) => readDocument(kind, element));
      for (const draft of elements) findExisting(call, kind, draft);
      return settleBatch(call, {
        plural: kind.plural,
        errorFlag: "HasErrors",
        elements: elements.map(
          (draft) => () => settleDocument(call, kind, { draft, existing: findExisting(call, kind, draft) }),
        ),
      });
    },
    update: (call: Call): Reply => {
      const existing = findDocument(call, kind);
      const draft = readDocument(kind, onlyElementOf(call, kind.plural, kind.noun));
      return settleBatch(call, {
        plural: kind.plural,
        errorFlag: "HasErrors",
        elements: [() => settleDocument(call, kind, { draft, existing })],
      });
    },
  };
}

/** By id, or by number where documents have one. */
export function findDocument(call: Call, kind: Kind): TradeDocument {
  const key = decodeURIComponent(param(call, "id"));
  if (isGuid(key)) {
    const found = call.books.get("documents", key.toLowerCase());
    return foundOr404(found?.kind === kind.kind ? found : undefined);
  }
  const byNumber = kind.types.flatMap((type) => call.books.find("documents", "number", numberKey(type, key)));
  return foundOr404(byNumber[0]);
}

function listDocuments(call: Call, kind: Kind): Reply {
  const { query } = call;
  const isInvoice = kind.kind === "invoice";
  const summaryOnly = isInvoice && query.flag("summaryOnly");
  const listed = listRows({
    rows: filtered(call, kind),
    query,
    ifModifiedSince: call.header("if-modified-since"),
    fields: fieldsOf(call, kind),
    typeName: kind.plural.slice(0, -1),
    updatedMs: (document) => document.updatedMs,
    canPage: true,
    forcePaging: summaryOnly,
    defaultOrder: (left, right) => left.updatedMs - right.updatedMs,
  });
  const isFull = listed.pagination !== undefined || (isInvoice && query.text("Statuses") !== undefined);
  const level = summaryOnly ? "summary" : isFull ? "page" : "list";
  const elements = listed.rows.map((document) => renderDocument(call, document, level));
  return okReply(call.nowMs, kind.plural, elements, listed.pagination);
}

/** The comma lists and switches of GET /Invoices (facts/xero.md section 2, Reading); other documents have none. */
function filtered(call: Call, kind: Kind): TradeDocument[] {
  const { query, books } = call;
  // An order of its own leaves ties in the order of insertion.
  const documents = query.text("order") === undefined ? books.byUpdate("documents") : books.all("documents");
  if (kind.kind !== "invoice") return documents.filter((document) => document.kind === kind.kind);
  const setOf = (name: string): ReadonlySet<string> | undefined => {
    const list = query.list(name);
    return list === undefined ? undefined : new Set(list);
  };
  const ids = lowerCase(setOf("IDs"));
  const numbers = setOf("InvoiceNumbers");
  const contactIds = lowerCase(setOf("ContactIDs"));
  const statuses = setOf("Statuses");
  const term = query.text("searchTerm")?.toLowerCase();
  const mine = query.flag("createdByMyApp");
  return documents.filter((document) => {
    if (document.kind !== kind.kind) return false;
    if (ids !== undefined && !ids.has(document.id)) return false;
    if (numbers !== undefined && !numbers.has(document.number)) return false;
    if (contactIds !== undefined && !contactIds.has(document.contactId)) return false;
    if (statuses !== undefined && !statuses.has(document.status)) return false;
    if (mine && document.createdBy !== call.clientId) return false;
    return (
      term === undefined ||
      [document.number, document.reference].some((text) => text.toLowerCase().includes(term))
    );
  });
}

const lowerCase = (texts: ReadonlySet<string> | undefined): ReadonlySet<string> | undefined =>
  texts && new Set([...texts].map((text) => text.toLowerCase()));

function fieldsOf(call: Call, kind: Kind): QueryFields<TradeDocument> {
  const { books } = call;
  const contactOf = (row: TradeDocument) => books.get("contacts", row.contactId);
  const accountOf = (row: TradeDocument) =>
    row.bankAccountId ? books.get("accounts", row.bankAccountId) : undefined;
  return {
    [kind.idName]: guidField((row) => row.id),
    ...(kind.numberName === undefined
      ? {}
      : { [kind.numberName]: stringField((row: TradeDocument) => row.number) }),
    Type: stringField((row) => row.type),
    Status: stringField((row) => row.status),
    Reference: stringField((row) => row.reference),
    "Contact.ContactID": guidField((row) => row.contactId),
    "Contact.Name": stringField((row) => contactOf(row)?.name, true),
    "Contact.ContactNumber": stringField((row) => contactOf(row)?.contactNumber, true),
    "BankAccount.AccountID": guidField((row) => row.bankAccountId, true),
    "BankAccount.Code": stringField((row) => accountOf(row)?.code, true),
    Date: dateField((row) => msOfDay(row.date)),
    DueDate: dateField((row) => (row.dueDate === undefined ? undefined : msOfDay(row.dueDate)), true),
    UpdatedDateUTC: dateField((row) => row.updatedMs),
    CurrencyCode: stringField((row) => row.currency),
    SubTotal: decimalField((row) => inUnits(row.subTotal), true),
    TotalTax: decimalField((row) => inUnits(row.totalTax), true),
    Total: decimalField((row) => inUnits(row.total), true),
    AmountDue: decimalField((row) => inUnits(openAmountOf(books, row)), true),
    AmountPaid: decimalField((row) => inUnits(amountPaid(books, row)), true),
    AmountCredited: decimalField((row) => inUnits(amountCredited(books, row)), true),
  };
}
