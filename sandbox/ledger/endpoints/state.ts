import type { Ledger } from "../ledger.ts";
import type { JsonRecord } from "../wire/json.ts";
import { Query } from "../wire/listing.ts";
import { renderAccount } from "./accounts.ts";
import { renderBatchPayment } from "./batch-payments.ts";
import type { Call } from "./call.ts";
import { renderContact } from "./contact-render.ts";
import { renderCurrency } from "./currencies.ts";
import { renderDocument, renderPrePayment } from "./document-render.ts";
import { renderItem } from "./items.ts";
import { renderJournal } from "./manual-journals.ts";
import { renderOrganisation } from "./organisation.ts";
import { renderPayment } from "./payment-render.ts";
import { renderTaxRate } from "./tax-rates.ts";
import { renderCategory } from "./tracking.ts";

/** Everything stored, in Xero's JSON and with four decimals of unit price (GET /__sandbox/state). */
export function renderState(ledger: Ledger): JsonRecord {
  const { books } = ledger;
  const call = readerCall(ledger);
  const documents = (kind: string) =>
    books
      .all("documents")
      .filter((document) => document.kind === kind)
      .map((row) => renderDocument(call, row, "single"));
  const prepayments = (part: "Overpayment" | "Prepayment") =>
    books
      .all("documents")
      .filter(({ type }) => type.endsWith(`-${part.toUpperCase()}`))
      .map((row) => renderPrePayment(call, row, part, "single"));
  return {
    organisation: renderOrganisation(call),
    accounts: books.all("accounts").map(renderAccount),
    taxRates: books.all("taxRates").map(renderTaxRate),
    trackingCategories: books.all("trackingCategories").map(renderCategory),
    currencies: books.all("currencies").map(renderCurrency),
    contacts: books.all("contacts").map((contact) => renderContact(books, contact, "single")),
    invoices: documents("invoice"),
    creditNotes: documents("creditNote"),
    bankTransactions: documents("bankTransaction"),
    overpayments: prepayments("Overpayment"),
    prepayments: prepayments("Prepayment"),
    batchPayments: books.all("batchPayments").map((batch) => renderBatchPayment(call, batch)),
    items: books.all("items").map((item) => renderItem(call, item)),
    manualJournals: books.all("manualJournals").map((journal) => renderJournal(call, journal, true)),
    history: books.all("history").map(({ parentId, details, changes }) => ({ parentId, details, changes })),
    attachments: books
      .all("attachments")
      .map(({ parentId, fileName, mimeType }) => ({ parentId, fileName, mimeType })),
    payments: books.all("payments").map((payment) => renderPayment(call, payment, "list")),
  };
}

const readerCall = (ledger: Ledger): Call => ({
  method: "GET",
  path: "",
  params: {},
  query: new Query(new URLSearchParams({ unitdp: "4" })),
  header: () => undefined,
  rawBody: Buffer.alloc(0),
  books: ledger.books,
  org: ledger.org,
  nowMs: ledger.clock.now().getTime(),
  clientId: "sandbox",
  newId: ledger.newId,
  isBookkeeper: true,
});
