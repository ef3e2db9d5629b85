import { beforeEach, describe, expect, test } from "vitest";
import {
  type Body,
  LINE,
  madeBankTransaction,
  madeInvoice,
  messagesOf,
  openTestLedger,
  paid,
  saved,
  type TestLedger,
} from "../testing.ts";

/** Accounts, tax rates, tracking, the organisation, notes and files: facts/xero.md section 4. */

let ledger: TestLedger;
beforeEach(() => {
  ledger = openTestLedger();
});
const accountOf = (code: string): Body =>
  ledger.call("GET", `Accounts?where=${encodeURIComponent(`Code=="${code}"`)}`).body.Accounts[0];

describe("an account", () => {
  test("of a bank may have no code, any other needs one, a name and a type", () => {
    const bank = { Name: "Till", Type: "BANK", BankAccountNumber: "1" };
    expect(saved(ledger.call("PUT", "Accounts", bank), "Accounts").Code).toBeUndefined();
    for (const body of [
      { Name: "More", Type: "REVENUE" },
      { Code: "201", Type: "REVENUE" },
      { Code: "201", Name: "More" },
      { Code: "201", Name: "x".repeat(151), Type: "REVENUE" },
    ])
      expect(ledger.call("PUT", "Accounts", body).status).toBe(400);
    expect(
      ledger.call("PUT", "Accounts", { Code: "201", Name: "More", Type: "INCOME" }).body.ErrorNumber,
    ).toBe(14);
  });

  test("that is archived takes no line and no payment any more, one that is unused is deleted", () => {
    const invoice = madeInvoice(ledger);
    ledger.call("POST", `Accounts/${accountOf("605").AccountID}`, { Status: "ARCHIVED" });
    expect(() => paid(ledger, invoice, 20)).toThrow("Account could not be found");
    ledger.call("POST", `Accounts/${accountOf("404").AccountID}`, { Status: "ARCHIVED" });
    expect(() => madeBankTransaction(ledger)).toThrow("Account code '404' has been archived");
    expect(ledger.call("DELETE", `Accounts/${accountOf("310").AccountID}`).body.Accounts[0].Status).toBe(
      "DELETED",
    );
    expect(accountOf("310")).toBeUndefined();
  });

  test("of the system is neither archived nor deleted", () => {
    const { AccountID } = accountOf("610");
    expect(ledger.call("POST", `Accounts/${AccountID}`, { Status: "ARCHIVED" }).status).toBe(400);
    expect(ledger.call("DELETE", `Accounts/${AccountID}`).status).toBe(400);
  });

  test("lends its lines its tax type, and class and system account are read-only", () => {
    const made = { Code: "210", Name: "Zero", Type: "REVENUE", TaxType: "ZERORATEDOUTPUT", Class: "ASSET" };
    expect(
      saved(ledger.call("PUT", "Accounts", { ...made, SystemAccount: "DEBTORS" }), "Accounts"),
    ).toMatchObject({
      Class: "REVENUE",
      TaxType: "ZERORATEDOUTPUT",
    });
    expect(accountOf("210").SystemAccount).toBeUndefined();
    const invoice = madeInvoice(ledger, { LineItems: [{ ...LINE, AccountCode: "210" }] });
    expect(invoice.LineItems[0].TaxType).toBe("ZERORATEDOUTPUT");
  });
});

describe("a tax rate", () => {
  const rateOf = (changes: Record<string, unknown> = {}) => ({
    Name: "Odd",
    ReportTaxType: "OUTPUT",
    TaxComponents: [{ Name: "VAT", Rate: 2.25 }],
    ...changes,
  });

  test.each<[string, unknown]>([
    ["two in a request", { TaxRates: [rateOf(), rateOf({ Name: "Odder" })] }],
    ["no report type in the UK", rateOf({ ReportTaxType: undefined })],
    ["no component", rateOf({ TaxComponents: [] })],
    ["five decimals", rateOf({ TaxComponents: [{ Name: "VAT", Rate: 2.12345 }] })],
    ["a name that is taken", rateOf({ Name: "No VAT" })],
  ])("is refused for %s", (_why, body) => {
    expect(ledger.call("PUT", "TaxRates", body).status).toBe(400);
  });

  test("that is deleted cannot be used any more", () => {
    const { TaxType } = saved(ledger.call("PUT", "TaxRates", rateOf()), "TaxRates");
    const line = { LineItems: [{ ...LINE, TaxType }] };
    expect(madeInvoice(ledger, line).TotalTax).toBe(2.25);
    saved(ledger.call("POST", "TaxRates", { TaxType, Status: "DELETED" }), "TaxRates");
    expect(() => madeInvoice(ledger, line)).toThrow(`The TaxType code ${TaxType} does not exist`);
  });
});

describe("tracking", () => {
  const create = (Name: string) => ledger.call("PUT", "TrackingCategories", { Name });
  const setStatus = (id: string, Status: string) =>
    ledger.call("POST", `TrackingCategories/${id}`, { Status });

  test("has two active categories, four in all, and one more is not made active again", () => {
    const ids = ["B", "C", "D"].map((Name) => {
      const { TrackingCategoryID } = saved(create(Name), "TrackingCategories");
      expect(setStatus(TrackingCategoryID, "ARCHIVED").status).toBe(200);
      return TrackingCategoryID as string;
    });
    expect(create("E").status).toBe(400);
    const [first = "", second = ""] = ids;
    expect(setStatus(first, "ACTIVE").status).toBe(200);
    expect(setStatus(second, "ACTIVE").status).toBe(400);
    const all = ledger.call("GET", "TrackingCategories?includeArchived=true").body.TrackingCategories;
    expect(all).toHaveLength(4);
    expect(ledger.call("GET", "TrackingCategories").body.TrackingCategories).toHaveLength(2);
  });

  test("names have a hundred characters at most, and a line two categories", () => {
    expect(create("x".repeat(101)).status).toBe(400);
    const web = { Name: "Channel", Option: "Web" };
    const lines = { LineItems: [{ ...LINE, Tracking: [web, web, web] }] };
    expect(() => madeInvoice(ledger, lines)).toThrow("A maximum of 2 Tracking Categories");
  });
});

describe("the organisation", () => {
  const actionOf = (name: string): string =>
    ledger.call("GET", "Organisation/Actions").body.Actions.find(({ Name }: Body) => Name === name).Status;

  test("says what its plan allows", () => {
    ledger = openTestLedger({ approvedInvoiceLimit: 1 });
    expect(actionOf("CreateApprovedInvoice")).toBe("ALLOWED");
    madeInvoice(ledger);
    expect(actionOf("CreateApprovedInvoice")).toBe("NOT-ALLOWED");
    expect(actionOf("CreateDraftInvoice")).toBe("ALLOWED");
  });

  test("e-mails approved sales invoices to contacts with an address, so many a day", () => {
    ledger = openTestLedger({ emailLimit: 1 });
    const email = (changes?: Record<string, unknown>) =>
      ledger.call("POST", `Invoices/${madeInvoice(ledger, changes).InvoiceID}/Email`, {});
    expect(email().status).toBe(400);
    ledger.call("POST", "Contacts", { ContactID: ledger.contactId, EmailAddress: "ann@example.com" });
    expect(email({ Status: "DRAFT" }).status).toBe(400);
    expect(email({ Type: "ACCPAY", LineItems: [{ ...LINE, AccountCode: "404" }] }).status).toBe(400);
    expect(email({ Status: "SUBMITTED" })).toMatchObject({ status: 204, body: "" });
    expect(messagesOf(email().body)).toEqual([
      "The daily limit of invoices that can be emailed has been reached",
    ]);
  });
});

describe("notes", () => {
  const note = (path: string, Details = "seen") =>
    ledger.call("PUT", `${path}/History`, { HistoryRecords: [{ Details }] });

  test("are added again and again, of 2,500 characters at most", () => {
    const path = `Invoices/${madeInvoice(ledger).InvoiceID}`;
    for (const details of ["one", "one", "x".repeat(2_500)]) expect(note(path, details).status).toBe(200);
    expect(note(path, "x".repeat(2_501)).status).toBe(400);
    expect(note(path, "").status).toBe(400);
    const records = ledger.call("GET", `${path}/History`).body.HistoryRecords;
    expect(records.filter(({ Details }: Body) => Details === "one")).toHaveLength(2);
  });

  test("are refused by payments, overpayments and prepayments, which can be read", () => {
    const { PaymentID } = paid(ledger, madeInvoice(ledger), 20);
    const { OverpaymentID } = madeBankTransaction(ledger, { Type: "RECEIVE-OVERPAYMENT" });
    for (const path of [`Payments/${PaymentID}`, `Overpayments/${OverpaymentID}`]) {
      expect(messagesOf(note(path).body)).toEqual([
        "The document with the supplied id was not found for this endpoint.",
      ]);
      expect(ledger.call("GET", `${path}/History`).body.HistoryRecords).toEqual([]);
    }
  });
});

describe("files", () => {
  const put = (path: string, name: string, body = "%PDF") =>
    ledger.call("PUT", `${path}/Attachments/${encodeURIComponent(name)}`, body);

  test("hang on invoices, credit notes, bank transactions, contacts, journals and accounts", () => {
    const paths = [
      `Invoices/${madeInvoice(ledger).InvoiceID}`,
      `BankTransactions/${madeBankTransaction(ledger).BankTransactionID}`,
      `Contacts/${ledger.contactId}`,
      `Accounts/${accountOf("200").AccountID}`,
    ];
    for (const path of paths) {
      expect(put(path, "a.pdf").body.Attachments[0]).toMatchObject({ FileName: "a.pdf", ContentLength: 4 });
      expect(ledger.call("GET", `${path}/Attachments/a.pdf`).status).toBe(200);
      expect(put(path, "a.pdf", "again").status).toBe(200);
      expect(ledger.call("GET", `${path}/Attachments`).body.Attachments).toHaveLength(1);
    }
  });

  test.each(["a<b.pdf", 'a"b.pdf', "a|b.pdf", "a?b.pdf", "a*b.pdf", "a+b.pdf", "a:b.pdf"])(
    "are not called %s",
    (name) => {
      expect(put(`Contacts/${ledger.contactId}`, name).status).toBe(400);
    },
  );
});
