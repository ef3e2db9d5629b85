import { beforeEach, describe, expect, test } from "vitest";
import { type Body, invoiceOf, messagesOf, openTestLedger, type TestLedger } from "../testing.ts";

let test_: TestLedger;
beforeEach(() => {
  test_ = openTestLedger();
});

describe("the chart of accounts", () => {
  test("has the system accounts that the scenario leaves out, with codes that are free", () => {
    const accounts = test_.call("GET", "Accounts").body.Accounts;
    const system = accounts.filter((account: Body) => account.SystemAccount);
    expect(system.map((account: Body) => account.SystemAccount).sort()).toEqual([
      "BANKCURRENCYGAIN",
      "CREDITORS",
      "DEBTORS",
      "GST",
      "HISTORICAL",
      "REALISEDCURRENCYGAIN",
      "RETAINEDEARNINGS",
      "ROUNDING",
      "TRACKINGTRANSFERS",
      "UNPAIDEXPCLM",
      "UNREALISEDCURRENCYGAIN",
    ]);
    expect(new Set(accounts.map((account: Body) => account.Code)).size).toBe(accounts.length);
  });

  test("keeps its ids from run to run", () => {
    const idOf = (one: TestLedger) =>
      one.call("GET", `Accounts?where=${encodeURIComponent('Code=="200"')}`).body.Accounts[0].AccountID;
    expect(idOf(test_)).toBe(idOf(openTestLedger()));
  });

  test.each<[string, Record<string, unknown>]>([
    ["Please enter a unique Name.", { Code: "201", Name: "SALES", Type: "REVENUE" }],
    ["Please enter a unique Code.", { Code: "200", Name: "More", Type: "REVENUE" }],
    [
      "The Code field is too long. The maximum length is 10.",
      { Code: "x".repeat(11), Name: "More", Type: "REVENUE" },
    ],
  ])("refuses: %s", (message, account) => {
    expect(messagesOf(test_.call("PUT", "Accounts", account).body)).toEqual([message]);
  });

  test("archives an account that is used and does not delete it", () => {
    test_.call("PUT", "Invoices", invoiceOf(test_.contactId));
    const { AccountID } = test_.call("GET", `Accounts?where=${encodeURIComponent('Code=="200"')}`).body
      .Accounts[0];
    expect(test_.call("DELETE", `Accounts/${AccountID}`).status).toBe(400);
    expect(test_.call("POST", `Accounts/${AccountID}`, { Status: "ARCHIVED" }).body.Accounts[0].Status).toBe(
      "ARCHIVED",
    );
  });
});

describe("tax rates", () => {
  test("say where they apply", () => {
    const [rate] = test_.call("GET", "TaxRates/OUTPUT2").body.TaxRates;
    expect(rate).toMatchObject({
      EffectiveRate: 20,
      CanApplyToRevenue: true,
      CanApplyToExpenses: false,
      TaxComponents: [{ Rate: 20 }],
    });
  });

  test("of a user's are TAX001, and the system's cannot be changed", () => {
    const made = test_.call("PUT", "TaxRates", {
      TaxRates: [{ Name: "Odd", ReportTaxType: "OUTPUT", TaxComponents: [{ Name: "VAT", Rate: "2.25" }] }],
    });
    expect(made.body.TaxRates[0]).toMatchObject({
      TaxType: "TAX001",
      EffectiveRate: 2.25,
      CanApplyToExpenses: false,
    });
    expect(test_.call("POST", "TaxRates", { TaxType: "OUTPUT2", Name: "x" }).status).toBe(400);
  });
});

describe("tracking", () => {
  test("has two active categories at most, and used options are archived", () => {
    expect(test_.call("PUT", "TrackingCategories", { Name: "Region" }).status).toBe(200);
    expect(test_.call("PUT", "TrackingCategories", { Name: "Third" }).status).toBe(400);
    const [channel] = test_.call("GET", "TrackingCategories").body.TrackingCategories;
    const line = {
      Description: "x",
      UnitAmount: 1,
      AccountCode: "200",
      Tracking: [{ Name: "Channel", Option: "Web" }],
    };
    test_.call("PUT", "Invoices", invoiceOf(test_.contactId, { LineItems: [line] }));
    const remove = (index: number) =>
      test_.call(
        "DELETE",
        `TrackingCategories/${channel.TrackingCategoryID}/Options/${channel.Options[index].TrackingOptionID}`,
      );
    expect(remove(0).body.Options[0].Status).toBe("ARCHIVED");
    expect(remove(1).body.Options[0].Status).toBe("DELETED");
    expect(test_.call("PUT", "Invoices", invoiceOf(test_.contactId, { LineItems: [line] })).status).toBe(400);
  });
});

test("a currency is subscribed by PUT, where the plan allows several", () => {
  expect(test_.call("PUT", "Currencies", { Code: "USD" }).body.Currencies[0]).toMatchObject({ Code: "USD" });
  expect(test_.call("PUT", "Currencies", { Code: "DOLLARS" }).body.ErrorNumber).toBe(14);
  test_ = openTestLedger({ multicurrency: false });
  expect(test_.call("PUT", "Currencies", { Code: "USD" }).status).toBe(400);
  const actions = test_.call("GET", "Organisation/Actions").body.Actions;
  expect(actions).toContainEqual({ Name: "UseMulticurrency", Status: "NOT-ALLOWED" });
});

describe("items", () => {
  const TRACKED = {
    Code: "W1",
    Name: "Widget",
    InventoryAssetAccountCode: "630",
    PurchaseDetails: { UnitPrice: 10, COGSAccountCode: "310", TaxType: "INPUT2" },
    SalesDetails: { UnitPrice: 25, AccountCode: "200", TaxType: "OUTPUT2" },
  };
  const saleOf = (Quantity: number) =>
    invoiceOf(test_.contactId, { LineItems: [{ ItemCode: "W1", Quantity }] });
  const billOf = (Quantity: number) =>
    invoiceOf(test_.contactId, {
      Type: "ACCPAY",
      LineItems: [{ ItemCode: "W1", Quantity, Description: "in" }],
    });

  test("have a unique code of at most 30 characters", () => {
    test_.call("PUT", "Items", { Code: "abc" });
    expect(messagesOf(test_.call("PUT", "Items", { Code: "abc" }).body)).toEqual([
      "Price List Item with Code 'abc' already exists",
    ]);
    expect(test_.call("PUT", "Items", { Code: "x".repeat(31) }).status).toBe(400);
  });

  test("supply a line's price, account, tax and words", () => {
    test_.call("PUT", "Items", {
      Code: "abc",
      Description: "An abc",
      SalesDetails: { UnitPrice: 9.5, AccountCode: "200", TaxType: "RROUTPUT" },
    });
    const [invoice] = test_.call(
      "PUT",
      "Invoices",
      invoiceOf(test_.contactId, { LineItems: [{ ItemCode: "abc", Quantity: 2 }] }),
    ).body.Invoices;
    expect(invoice.LineItems[0]).toMatchObject({
      Description: "An abc",
      UnitAmount: 9.5,
      LineAmount: 19,
      TaxType: "RROUTPUT",
      TaxAmount: 0.95,
    });
  });

  test("that are tracked cannot be sold below zero, unless backorders are allowed", () => {
    test_.call("PUT", "Items", TRACKED);
    expect(test_.call("PUT", "Invoices", saleOf(1)).status).toBe(400);
    test_.call("PUT", "Invoices", billOf(4));
    const [sale] = test_.call("PUT", "Invoices", saleOf(3)).body.Invoices;
    const item = () => test_.call("GET", "Items/W1").body.Items[0];
    expect(item()).toMatchObject({ IsTrackedAsInventory: true, QuantityOnHand: 1, TotalCostPool: 10 });
    expect(test_.call("PUT", "Invoices", saleOf(2)).status).toBe(400);
    expect(test_.call("PUT", "Invoices?allowBackorders=true", saleOf(2)).status).toBe(200);
    test_.call("POST", `Invoices/${sale.InvoiceID}`, { Status: "VOIDED" });
    expect(item().QuantityOnHand).toBe(2);
  });
});

describe("manual journals", () => {
  const journalOf = (changes: Record<string, unknown> = {}) => ({
    Narration: "Fees",
    Date: "2026-11-22",
    Status: "POSTED",
    JournalLines: [
      { LineAmount: 100, AccountCode: "404" },
      { LineAmount: -100, AccountCode: "605" },
    ],
    ...changes,
  });
  const put = (changes?: Record<string, unknown>, query = "") =>
    test_.call("PUT", `ManualJournals${query}`, journalOf(changes));

  test("must balance", () => {
    const lines = [
      { LineAmount: 100, AccountCode: "404" },
      { LineAmount: -10, AccountCode: "605" },
    ];
    expect(messagesOf(put({ JournalLines: lines }).body)).toEqual([
      "The total debits (100.00) must equal total credits (-10.00)",
    ]);
    expect(put().body.ManualJournals[0]).toMatchObject({ Status: "POSTED", LineAmountTypes: "NoTax" });
  });

  test.each(["090", "610", "800", "960", "630"])("do not go to account %s", (code) => {
    const lines = [
      { LineAmount: 1, AccountCode: code },
      { LineAmount: -1, AccountCode: "605" },
    ];
    expect(messagesOf(put({ JournalLines: lines }).body)[0]).toBe(
      `Account code '${code}' is not a valid code for this document.`,
    );
  });

  test("drop an unknown account from a draft, with a warning", () => {
    const lines = [
      { LineAmount: 1, AccountCode: "476" },
      { LineAmount: -1, AccountCode: "605" },
    ];
    expect(put({ Status: "DRAFT", JournalLines: lines }).body.ManualJournals[0].Warnings).toEqual([
      { Message: "Account code '476' has been removed as it does not match a recognised account." },
    ]);
    expect(put({ JournalLines: lines }).status).toBe(400);
  });

  test("NO_TAX is not a word of the wire", () => {
    expect(put({ LineAmountTypes: "NO_TAX" }).body).toMatchObject({ ErrorNumber: 14 });
  });

  test("are voided once posted, and deleted while drafts", () => {
    const [posted] = put().body.ManualJournals;
    const move = (id: string, Status: string) =>
      test_.call("POST", `ManualJournals/${id}`, { Status }).status;
    expect(move(posted.ManualJournalID, "DELETED")).toBe(400);
    expect(move(posted.ManualJournalID, "VOIDED")).toBe(200);
    const [draft] = put({ Status: "DRAFT" }).body.ManualJournals;
    expect(move(draft.ManualJournalID, "DELETED")).toBe(200);
  });
});

test("notes are append-only and files are ten at most", () => {
  const [invoice] = test_.call("PUT", "Invoices", invoiceOf(test_.contactId)).body.Invoices;
  const path = `Invoices/${invoice.InvoiceID}`;
  for (const _ of [1, 2]) test_.call("PUT", `${path}/History`, { HistoryRecords: [{ Details: "order 7" }] });
  expect(test_.call("GET", `${path}/History`).body.HistoryRecords).toHaveLength(2);
  expect(
    test_.call("PUT", `${path}/History`, { HistoryRecords: [{ Details: "x".repeat(2501) }] }).status,
  ).toBe(400);
  for (let count = 1; count <= 10; count += 1) {
    expect(test_.call("PUT", `${path}/Attachments/${count}.txt?IncludeOnline=true`, "hello").status).toBe(
      200,
    );
  }
  expect(test_.call("PUT", `${path}/Attachments/11.txt`, "hello").status).toBe(400);
  expect(test_.call("PUT", `${path}/Attachments/a%3Fb.txt`, "hello").status).toBe(400);
  expect(test_.call("GET", path).body.Invoices[0]).toMatchObject({ HasAttachments: true });
  expect(String(test_.call("GET", `${path}/Attachments/1.txt`).body)).toBe("hello");
});
