import * as accounts from "./endpoints/accounts.ts";
import { allocationEndpoints } from "./endpoints/allocations.ts";
import * as attachments from "./endpoints/attachments.ts";
import * as batchPayments from "./endpoints/batch-payments.ts";
import type { Call } from "./endpoints/call.ts";
import * as contacts from "./endpoints/contacts.ts";
import * as currencies from "./endpoints/currencies.ts";
import { BANK_TRANSACTION, CREDIT_NOTE, INVOICE } from "./endpoints/document-shape.ts";
import { documentEndpoints } from "./endpoints/documents.ts";
import { addHistory, listHistory } from "./endpoints/history.ts";
import { emailInvoice, onlineInvoice } from "./endpoints/invoice-extras.ts";
import * as items from "./endpoints/items.ts";
import * as journals from "./endpoints/manual-journals.ts";
import * as organisation from "./endpoints/organisation.ts";
import * as payments from "./endpoints/payments.ts";
import { prepaymentEndpoints } from "./endpoints/prepayments.ts";
import * as taxRates from "./endpoints/tax-rates.ts";
import * as tracking from "./endpoints/tracking.ts";
import { trialBalance } from "./endpoints/trial-balance.ts";
import { notFound, notImplemented, Refusal, type Reply } from "./wire/envelope.ts";

type Endpoint = (call: Call) => Reply;
type Methods = Readonly<Partial<Record<"GET" | "PUT" | "POST" | "DELETE", Endpoint>>>;

const invoices = documentEndpoints(INVOICE);
const creditNotes = documentEndpoints(CREDIT_NOTE);
const bankTransactions = documentEndpoints(BANK_TRANSACTION);
const overpayments = prepaymentEndpoints("Overpayment");
const prepayments = prepaymentEndpoints("Prepayment");

/** What hangs below a document: notes, and files where Xero takes them. */
const HISTORY: Methods = { GET: listHistory, PUT: addHistory };
const WITH_HISTORY = [
  "Invoices",
  "CreditNotes",
  "BankTransactions",
  "Contacts",
  "Payments",
  "BatchPayments",
  "Overpayments",
  "Prepayments",
  "Items",
  "ManualJournals",
];
const WITH_ATTACHMENTS = [
  "Invoices",
  "CreditNotes",
  "BankTransactions",
  "Contacts",
  "ManualJournals",
  "Accounts",
];

/** What follows /api.xro/2.0/; a segment in braces is a parameter. PUT creates, POST creates or updates. */
const ROUTES: Readonly<Record<string, Methods>> = {
  Organisation: { GET: organisation.getOrganisation },
  "Organisation/Actions": { GET: organisation.getActions },
  Users: { GET: organisation.getUsers },
  "Users/{id}": { GET: organisation.getUser },
  BrandingThemes: { GET: organisation.getBrandingThemes },
  "BrandingThemes/{id}": { GET: organisation.getBrandingTheme },
  Accounts: { GET: accounts.listAccounts, PUT: accounts.createAccount },
  "Accounts/{id}": { GET: accounts.getAccount, POST: accounts.updateAccount, DELETE: accounts.deleteAccount },
  TaxRates: { GET: taxRates.listTaxRates, PUT: taxRates.saveTaxRate, POST: taxRates.saveTaxRate },
  "TaxRates/{id}": { GET: taxRates.getTaxRate },
  TrackingCategories: { GET: tracking.listTracking, PUT: tracking.createTracking },
  "TrackingCategories/{id}": {
    GET: tracking.getTracking,
    POST: tracking.updateTracking,
    DELETE: tracking.deleteTracking,
  },
  "TrackingCategories/{id}/Options": { PUT: tracking.createOptions },
  "TrackingCategories/{id}/Options/{optionId}": {
    POST: tracking.updateOption,
    DELETE: tracking.deleteOption,
  },
  Currencies: { GET: currencies.listCurrencies, PUT: currencies.subscribeCurrency },
  Contacts: { GET: contacts.listContacts, PUT: contacts.saveContacts, POST: contacts.saveContacts },
  "Contacts/{id}": { GET: contacts.getContact, POST: contacts.updateContact },
  Invoices: { GET: invoices.list, PUT: invoices.save, POST: invoices.save },
  "Invoices/{id}": { GET: invoices.get, POST: invoices.update },
  Payments: { GET: payments.listPayments, PUT: payments.createPayments, POST: payments.createPayments },
  "Payments/{id}": { GET: payments.getPayment, POST: payments.updatePayment },
  "Invoices/{id}/Email": { POST: emailInvoice },
  "Invoices/{id}/OnlineInvoice": { GET: onlineInvoice },
  CreditNotes: { GET: creditNotes.list, PUT: creditNotes.save, POST: creditNotes.save },
  "CreditNotes/{id}": { GET: creditNotes.get, POST: creditNotes.update },
  ...allocationRoutes("CreditNotes", "CreditNote"),
  BankTransactions: { GET: bankTransactions.list, PUT: bankTransactions.save, POST: bankTransactions.save },
  "BankTransactions/{id}": { GET: bankTransactions.get, POST: bankTransactions.update },
  Overpayments: { GET: overpayments.list },
  "Overpayments/{id}": { GET: overpayments.get },
  ...allocationRoutes("Overpayments", "Overpayment"),
  Prepayments: { GET: prepayments.list },
  "Prepayments/{id}": { GET: prepayments.get },
  ...allocationRoutes("Prepayments", "Prepayment"),
  BatchPayments: {
    GET: batchPayments.listBatchPayments,
    PUT: batchPayments.createBatchPayments,
    POST: batchPayments.deleteBatchPayments,
  },
  "BatchPayments/{id}": { GET: batchPayments.getBatchPayment, POST: batchPayments.deleteBatchPayments },
  Items: { GET: items.listItems, PUT: items.saveItems, POST: items.saveItems },
  "Items/{id}": { GET: items.getItem, POST: items.updateItem, DELETE: items.deleteItem },
  ManualJournals: { GET: journals.listJournals, PUT: journals.saveJournals, POST: journals.saveJournals },
  "ManualJournals/{id}": { GET: journals.getJournal, POST: journals.updateJournal },
  "Reports/TrialBalance": { GET: trialBalance },
  ...Object.fromEntries(WITH_HISTORY.map((resource) => [`${resource}/{id}/History`, HISTORY])),
  ...Object.fromEntries(WITH_ATTACHMENTS.flatMap(attachmentRoutes)),
};

function allocationRoutes(
  plural: string,
  part: "CreditNote" | "Overpayment" | "Prepayment",
): Record<string, Methods> {
  const { create, remove } = allocationEndpoints(part);
  return {
    [`${plural}/{id}/Allocations`]: { PUT: create },
    [`${plural}/{id}/Allocations/{allocationId}`]: { DELETE: remove },
  };
}

function attachmentRoutes(resource: string): [string, Methods][] {
  const { listAttachments, getAttachment, saveAttachment } = attachments;
  return [
    [`${resource}/{id}/Attachments`, { GET: listAttachments }],
    [
      `${resource}/{id}/Attachments/{fileName}`,
      { GET: getAttachment, PUT: saveAttachment, POST: saveAttachment },
    ],
  ];
}

type Route = { segments: readonly string[]; methods: Methods };
const TABLE: readonly Route[] = Object.entries(ROUTES)
  .map(([pattern, methods]) => ({ segments: pattern.split("/"), methods }))
  .sort((left, right) => parameterCount(left) - parameterCount(right));

function parameterCount({ segments }: Route): number {
  return segments.filter(isParameter).length;
}
function isParameter(segment: string): boolean {
  return segment.startsWith("{");
}

/** Throws a Refusal: 404 for a path that is none, 501 for a method it does not have. */
export function findEndpoint(
  method: string,
  resourcePath: string,
): { run: Endpoint; params: Record<string, string> } {
  const parts = resourcePath.split("/").filter((part) => part !== "");
  for (const { segments, methods } of TABLE) {
    const params = matchSegments(segments, parts);
    if (params === undefined) continue;
    const run = methods[method as keyof Methods];
    if (run === undefined) throw new Refusal(notImplemented());
    return { run, params };
  }
  throw new Refusal(NOT_BUILT.test(resourcePath) ? notImplemented() : notFound());
}

/** Endpoints that Xero has and this ledger has not (README, "Deviations"). */
const NOT_BUILT =
  /^(BankTransfers|Budgets|ContactGroups|ExpenseClaims|InvoiceReminders|Journals|LinkedTransactions|PaymentServices|PurchaseOrders|Quotes|Receipts|RepeatingInvoices|Reports|Setup)(\/|$)|\/(pdf|CISSettings|PaymentServices)$/i;

function matchSegments(
  segments: readonly string[],
  parts: readonly string[],
): Record<string, string> | undefined {
  if (segments.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? "";
    if (isParameter(segment)) params[segment.slice(1, -1)] = part;
    else if (segment.toLowerCase() !== part.toLowerCase()) return undefined;
  }
  return params;
}
