import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Body, invoiceOf, openTestLedger } from "../testing.ts";

/**
 * The shapes of the official examples. They are read from beside the repository and never copied: without them these
 * tests are skipped, or fail when REQUIRE_ALL=1.
 */
const FOLDER = join(import.meta.dirname, "../../../../shared/data/xero/examples");
const isHere = existsSync(FOLDER);
if (!isHere && process.env.REQUIRE_ALL === "1")
  throw new Error(`REQUIRE_ALL=1, and there are no examples in ${FOLDER}`);
if (!isHere) console.warn(`skipped: no official examples in ${FOLDER}`);

const official = (operation: string): Body => {
  const file = JSON.parse(readFileSync(join(FOLDER, "openapi", `${operation}.json`), "utf8"));
  return file.responses["200"];
};
const recorded = (name: string): Body =>
  JSON.parse(readFileSync(join(FOLDER, "errors", `${name}.json`), "utf8")).body;

/** Every field of `expected` that ours lacks, or has as another kind of value. */
function lacking(expected: Body, ours: Body, path = ""): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(ours)) return [`${path}: no list`];
    return expected.length === 0 || ours.length === 0 ? [] : lacking(expected[0], ours[0], `${path}[]`);
  }
  if (typeof expected !== "object" || expected === null) {
    return typeof expected === typeof ours ? [] : [`${path}: ${typeof ours} for ${typeof expected}`];
  }
  return Object.keys(expected).flatMap((key) => {
    if (ours?.[key] === undefined) return IGNORED.has(key) ? [] : [`${path}.${key}`];
    return lacking(expected[key], ours[key], `${path}.${key}`);
  });
}

/** Not kept by this ledger (README), or there only because the example is of another country or state. */
const IGNORED = new Set([
  "RepeatingInvoiceID",
  "BrandingThemeID",
  "Reference",
  "StatusAttributeString",
  "ValidationErrors",
  "Warnings",
  "Attachments",
  "ContactNumber",
  "AccountNumber",
  "CompanyNumber",
  "TaxNumber",
  "AccountsReceivableTaxType",
  "AccountsPayableTaxType",
  "FirstName",
  "LastName",
  "DefaultCurrency",
  "Discount",
  "Website",
  "BrandingTheme",
  "PurchasesDefaultAccountCode",
  "SalesDefaultAccountCode",
  "SalesDefaultLineAmountType",
  "PurchasesDefaultLineAmountType",
  "BatchPayments",
  "PaymentTerms",
  "BatchPaymentID",
  "BatchPayment",
  "AddressLine1",
  "AddressLine2",
  "AttentionTo",
  "APIKey",
  "TaxNumber",
  "PeriodLockDate",
  "EndOfYearLockDate",
  "InvoiceNumber",
  "ItemCode",
  "TotalCostPool",
  "FullyPaidOnDate",
  "InvoiceAddresses",
  "InvoicePaymentServices",
  "LineAmountTypes",
]);

describe.skipIf(!isHere)("the shape of", () => {
  const test_ = openTestLedger();
  const { call, contactId } = test_;
  const paid = () => {
    const [invoice] = call("PUT", "Invoices", invoiceOf(contactId)).body.Invoices;
    const pay = {
      Invoice: { InvoiceID: invoice.InvoiceID },
      Account: { Code: "605" },
      Date: "2026-11-22",
      Amount: 120,
      Reference: "r",
    };
    return { invoice, payment: call("PUT", "Payments", pay).body.Payments[0] };
  };
  const creditNote = () =>
    call("PUT", "CreditNotes", invoiceOf(contactId, { Type: "ACCRECCREDIT" })).body.CreditNotes[0];

  test.each<[string, () => Body]>([
    ["createInvoices", () => call("PUT", "Invoices?summarizeErrors=false", invoiceOf(contactId)).body],
    ["getInvoice", () => call("GET", `Invoices/${paid().invoice.InvoiceID}`).body],
    ["getInvoices", () => call("GET", "Invoices?page=1").body],
    ["createContacts", () => call("PUT", "Contacts", { Name: `C${Math.random()}` }).body],
    ["getContact", () => call("GET", `Contacts/${contactId}`).body],
    ["createPayment", () => ({ ...call("GET", `Payments/${paid().payment.PaymentID}`).body })],
    ["getPayments", () => call("GET", "Payments?page=1").body],
    [
      "createCreditNotes",
      () => call("PUT", "CreditNotes", invoiceOf(contactId, { Type: "ACCRECCREDIT" })).body,
    ],
    [
      "createCreditNoteAllocation",
      () => {
        const [open] = call("PUT", "Invoices", invoiceOf(contactId)).body.Invoices;
        return call("PUT", `CreditNotes/${creditNote().CreditNoteID}/Allocations`, {
          Amount: 1,
          Invoice: { InvoiceID: open.InvoiceID },
        }).body;
      },
    ],
    ["getAccounts", () => call("GET", 'Accounts?where=Type=="BANK"').body],
    ["getTaxRates", () => call("GET", "TaxRates").body],
    ["getTrackingCategories", () => call("GET", "TrackingCategories").body],
    ["getOrganisations", () => call("GET", "Organisation").body],
    ["getOrganisationActions", () => call("GET", "Organisation/Actions").body],
    ["getCurrencies", () => call("GET", "Currencies").body],
    [
      "createItems",
      () =>
        call("PUT", "Items", { Code: `I${Math.random()}`.slice(0, 20), Name: "x", Description: "d" }).body,
    ],
    [
      "createBankTransactions",
      () =>
        call("PUT", "BankTransactions", {
          Type: "SPEND",
          Contact: { ContactID: contactId },
          BankAccount: { Code: "090" },
          LineItems: [{ Description: "x", UnitAmount: 1, AccountCode: "404" }],
        }).body,
    ],
    [
      "getManualJournal",
      () => {
        const JournalLines = [
          { Description: "x", LineAmount: 1, AccountCode: "404" },
          { Description: "x", LineAmount: -1, AccountCode: "605" },
        ];
        return call("PUT", "ManualJournals", { Narration: "x", JournalLines }).body;
      },
    ],
    [
      "createInvoiceHistory",
      () => call("PUT", "Invoices/INV-0001/History", { HistoryRecords: [{ Details: "x" }] }).body,
    ],
    ["getInvoiceHistory", () => call("GET", "Invoices/INV-0001/History").body],
    ["getReportTrialBalance", () => call("GET", "Reports/TrialBalance").body],
  ])("%s", (operation, ours) => {
    expect(lacking(official(operation), ours())).toEqual([]);
  });

  test("a refused element of a batch", () => {
    const answer = call("PUT", "Invoices?summarizeErrors=false", { Foo: 1 }).body;
    const expected = recorded("200_summarizeErrors_false_element_error");
    expect(lacking(expected, answer)).toEqual([]);
    expect(answer.Invoices[0].ValidationErrors).toContainEqual(expected.Invoices[0].ValidationErrors[0]);
  });

  test("a refused invoice with its lines", () => {
    const refused = call("PUT", "Invoices", invoiceOf(contactId, { Status: "PAID" })).body;
    const expected = recorded("400_validation_invoice_summarised");
    const {
      Contact: _contact,
      AmountDue: _due,
      InvoiceNumber: _number,
      Attachments: _files,
      ...element
    } = expected.Elements[0];
    expect(
      lacking(
        {
          ...expected,
          Elements: [{ ...element, LineItems: [{ ValidationErrors: [] }] }],
        },
        refused,
      ),
    ).toEqual([]);
  });

  test("what cannot be read, is not there or is not built", () => {
    expect(call("PUT", "ManualJournals", { ManualJournals: [{ LineAmountTypes: "NO_TAX" }] }).body).toEqual(
      recorded("400_post_data_invalid"),
    );
    expect(call("GET", "Invoices/nothing").body).toBe(recorded("404_not_found"));
    expect(call("DELETE", "Invoices/x").body).toEqual(recorded("501_not_implemented"));
  });
});
