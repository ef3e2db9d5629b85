import type { TableName } from "../books/books.ts";
import { type Call, foundOr404, param } from "./call.ts";
import { findContact } from "./contacts.ts";
import { BANK_TRANSACTION, CREDIT_NOTE, INVOICE, type Kind } from "./document-shape.ts";
import { findDocument } from "./documents.ts";

const KINDS: Readonly<Record<string, Kind>> = {
  invoices: INVOICE,
  creditnotes: CREDIT_NOTE,
  banktransactions: BANK_TRANSACTION,
};
const TABLES: Readonly<Record<string, TableName>> = {
  payments: "payments",
  batchpayments: "batchPayments",
  overpayments: "documents",
  prepayments: "documents",
  items: "items",
  manualjournals: "manualJournals",
  accounts: "accounts",
};

/** The document that a history or an attachment path hangs on; its id, or 404. */
export function parentIdOf(call: Call): string {
  const resource = (call.path.split("/")[0] ?? "").toLowerCase();
  const kind = KINDS[resource];
  if (kind !== undefined) return findDocument(call, kind).id;
  const id = param(call, "id");
  if (resource === "contacts") return foundOr404(findContact(call, id)).id;
  const table = TABLES[resource];
  return foundOr404(table === undefined ? undefined : call.books.get(table, id.toLowerCase())).id;
}
