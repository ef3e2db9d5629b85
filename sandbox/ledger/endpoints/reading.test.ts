import { beforeEach, describe, expect, test } from "vitest";
import {
  type Body,
  LINE,
  madeBankTransaction,
  madeCreditNote,
  madeInvoice,
  openTestLedger,
  paid,
  type TestLedger,
} from "../testing.ts";
import { listRows, Query } from "../wire/listing.ts";

/** facts/xero.md section 2, Reading. */

let ledger: TestLedger;
beforeEach(() => {
  ledger = openTestLedger();
});

const list = (path: string, headers?: Record<string, string>): Body[] =>
  ledger.call("GET", path, undefined, headers).body[path.split("?")[0] ?? ""];
const where = (clause: string): string => `where=${encodeURIComponent(clause)}`;
const numbers = (path: string): string[] => list(path).map(({ InvoiceNumber }) => InvoiceNumber);

describe("pages", () => {
  test("come in hundreds, a thousand at most, from page 1, and only where Xero has them", () => {
    ledger.call("PUT", "Invoices", {
      Invoices: Array.from({ length: 120 }, () => ({
        Type: "ACCREC",
        Contact: { ContactID: ledger.contactId },
      })),
    });
    expect(ledger.call("GET", "Invoices?page=2").body).toMatchObject({
      pagination: { page: 2, pageSize: 100, pageCount: 2, itemCount: 120 },
    });
    expect(list("Invoices?page=2")).toHaveLength(20);
    expect(list("Invoices?page=1&pageSize=1000")).toHaveLength(120);
    for (const bad of ["pageSize=1001", "pageSize=0", "pageSize=x", "page=0"]) {
      const path = bad.startsWith("page=") ? `Invoices?${bad}` : `Invoices?page=1&${bad}`;
      expect(ledger.call("GET", path).body.ErrorNumber).toBe(16);
    }
    for (const plural of [
      "Accounts",
      "Items",
      "TaxRates",
      "TrackingCategories",
      "Currencies",
      "BatchPayments",
    ])
      expect(ledger.call("GET", `${plural}?page=1`).body.pagination).toBeUndefined();
    for (const plural of [
      "Contacts",
      "CreditNotes",
      "BankTransactions",
      "ManualJournals",
      "Payments",
      "Overpayments",
      "Prepayments",
    ])
      expect(ledger.call("GET", `${plural}?page=1&pageSize=5`).body.pagination).toMatchObject({
        pageSize: 5,
      });
  });

  test("of more than 100,000 results are refused", () => {
    const rows = Array.from({ length: 100_001 }, (_, id) => ({ id }));
    const listing = {
      query: new Query(new URLSearchParams({ page: "1" })),
      ifModifiedSince: undefined,
      fields: {},
      typeName: "Invoice",
      updatedMs: () => 0,
      canPage: true,
    };
    expect(() => listRows({ ...listing, rows })).toThrow("100,000");
    expect(listRows({ ...listing, rows: rows.slice(1) }).rows).toHaveLength(100);
  });
});

describe("the comma lists of invoices", () => {
  beforeEach(() => {
    madeInvoice(ledger, { InvoiceNumber: "A-1", Reference: "web 77" });
    madeInvoice(ledger, { InvoiceNumber: "A-2", Status: "DRAFT" });
    madeInvoice(ledger, { InvoiceNumber: "B-1", Contact: { Name: "Bo" } });
  });

  test("IDs, InvoiceNumbers, ContactIDs and Statuses", () => {
    const [first, second, third] = list("Invoices?order=InvoiceNumber");
    expect(numbers(`Invoices?IDs=${first?.InvoiceID},${third?.InvoiceID}`)).toEqual(["A-1", "B-1"]);
    expect(numbers("Invoices?InvoiceNumbers=A-2,B-1,C-9")).toEqual(["A-2", "B-1"]);
    expect(numbers(`Invoices?ContactIDs=${third?.Contact.ContactID}`)).toEqual(["B-1"]);
    expect(numbers("Invoices?Statuses=DRAFT,VOIDED")).toEqual(["A-2"]);
    expect(second?.LineItems).toEqual([]);
    expect(list("Invoices?Statuses=DRAFT")[0]?.LineItems).toHaveLength(1);
  });

  test("searchTerm looks at numbers and references, whatever their case", () => {
    expect(numbers("Invoices?searchTerm=WEB")).toEqual(["A-1"]);
    expect(numbers("Invoices?searchTerm=b-")).toEqual(["B-1"]);
  });

  test("createdByMyApp leaves out what others made", () => {
    const [row] = ledger.ledger.books.all("documents");
    if (row !== undefined) ledger.ledger.books.put("documents", { ...row, createdBy: "another app" });
    expect(numbers("Invoices?createdByMyApp=true")).toEqual(["A-2", "B-1"]);
  });

  test("are no parameters of credit notes and bank transactions, and are ignored there", () => {
    const { CreditNoteID } = madeCreditNote(ledger);
    madeCreditNote(ledger);
    madeBankTransaction(ledger);
    expect(list(`CreditNotes?IDs=${CreditNoteID}&Statuses=DRAFT&searchTerm=nothing`)).toHaveLength(2);
    expect(list(`BankTransactions?IDs=${CreditNoteID}`)).toHaveLength(1);
    expect(ledger.call("GET", "CreditNotes?summaryOnly=true").body.pagination).toBeUndefined();
  });
});

test("summaryOnly comes in pages, without payments, lines and attachments", () => {
  paid(ledger, madeInvoice(ledger), 20);
  const { body } = ledger.call("GET", "Invoices?summaryOnly=true");
  expect(body.pagination).toMatchObject({ page: 1, itemCount: 1 });
  const [summary] = body.Invoices;
  expect(summary).toMatchObject({ AmountPaid: 20, Total: 120 });
  for (const dropped of ["Payments", "LineItems", "HasAttachments", "CISDeduction"])
    expect(summary[dropped]).toBeUndefined();
  expect(ledger.call("GET", "Contacts?summaryOnly=true").body.pagination).toMatchObject({ itemCount: 1 });
});

describe("where and order", () => {
  beforeEach(() => {
    madeInvoice(ledger, { InvoiceNumber: "A-1", Date: "2026-11-01" });
    const second = madeInvoice(ledger, { InvoiceNumber: "A-2", Date: "2026-11-10", Reference: "R-2" });
    paid(ledger, second, 120);
  });

  test.each([
    ['Status=="PAID"', ["A-2"]],
    ['Type=="ACCREC" AND Date>=DateTime(2026,11,02)', ["A-2"]],
    ["AmountDue>0", ["A-1"]],
    ["AmountPaid=120", ["A-2"]],
    ['InvoiceNumber=="A-1" OR Reference=="R-2"', ["A-1", "A-2"]],
    ['Contact.Name=="Ann Lee" && DueDate<DateTime(2027,1,1)', ["A-1", "A-2"]],
    ['Reference!=null AND Reference.StartsWith("R")', ["A-2"]],
    ['InvoiceNumber.Contains("2")', ["A-2"]],
  ])("%s", (clause, expected) => {
    expect(numbers(`Invoices?order=InvoiceNumber&${where(clause)}`)).toEqual(expected);
  });

  test("order by date, either way", () => {
    expect(numbers("Invoices?order=Date DESC")).toEqual(["A-2", "A-1"]);
    expect(numbers("Invoices?order=Date")).toEqual(["A-1", "A-2"]);
  });

  test.each(['Nothing=="x"', "Total==", 'Total=="65.34"', "order by"])("refuses %s", (clause) => {
    const { status, body } = ledger.call("GET", `Invoices?${where(clause)}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ ErrorNumber: 16, Type: "QueryParseException" });
    expect(body.Elements).toBeUndefined();
  });

  test("a number in quotes is told as the type that it is", () => {
    const { body } = ledger.call("GET", `Invoices?${where('Total=="65.34"')}`);
    expect(body.Message).toContain("Operator '==' incompatible with operand types 'Decimal?' and 'String'");
  });
});

describe("If-Modified-Since", () => {
  test("works on every list that is modified, to the second and without a zone", () => {
    const invoice = madeInvoice(ledger, { Date: "2026-11-01" });
    const { clock } = ledger.ledger;
    clock.change({ advanceSeconds: 60 });
    const since = new Date(clock.now().getTime() - 1000).toISOString();
    const plurals = ["Invoices", "Contacts", "CreditNotes", "BankTransactions", "Payments", "Items"];
    const changed = () =>
      plurals.map((plural) => list(plural, { "if-modified-since": since.slice(0, 19) }).length);
    expect(changed()).toEqual([0, 0, 0, 0, 0, 0]);
    paid(ledger, invoice, 20);
    madeCreditNote(ledger);
    madeBankTransaction(ledger);
    ledger.call("PUT", "Items", { Code: "abc" });
    ledger.call("POST", "Contacts", { ContactID: ledger.contactId, FirstName: "Ann" });
    expect(changed()).toEqual([1, 1, 1, 1, 1, 1]);
    expect(list("Invoices", { "if-modified-since": since })).toHaveLength(1);
  });
});

describe("unitdp", () => {
  const fine = { LineItems: [{ ...LINE, Quantity: 3, UnitAmount: 1.2345, AccountCode: "200" }] };

  test("is of the request: without it a price of four decimals is rounded before it is multiplied", () => {
    expect(madeInvoice(ledger, fine).LineItems[0]).toMatchObject({ UnitAmount: 1.23, LineAmount: 3.69 });
    const body = { Type: "ACCREC", Contact: { ContactID: ledger.contactId }, ...fine };
    const { InvoiceID, LineItems } = ledger.call("PUT", "Invoices?unitdp=4", body).body.Invoices[0];
    expect(LineItems[0]).toMatchObject({ UnitAmount: 1.2345, LineAmount: 3.7 });
    const read = (query: string) =>
      ledger.call("GET", `Invoices/${InvoiceID}${query}`).body.Invoices[0].LineItems[0].UnitAmount;
    expect([read(""), read("?unitdp=4")]).toEqual([1.23, 1.2345]);
  });
});
