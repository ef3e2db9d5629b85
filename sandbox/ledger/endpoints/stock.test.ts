import { beforeEach, describe, expect, test } from "vitest";
import {
  type Body,
  LINE,
  madeBankTransaction,
  madeCreditNote,
  madeInvoice,
  openTestLedger,
  saved,
  type TestLedger,
} from "../testing.ts";

/** Tracked inventory: facts/xero.md section 5, rule 13. */

let ledger: TestLedger;
beforeEach(() => {
  ledger = openTestLedger();
  const { status } = ledger.call("PUT", "Items", {
    Code: "W1",
    Name: "Widget",
    InventoryAssetAccountCode: "630",
    PurchaseDetails: { UnitPrice: 10, COGSAccountCode: "310" },
    SalesDetails: { UnitPrice: 25, AccountCode: "200" },
  });
  expect(status).toBe(200);
});

const item = (code = "W1"): Body => ledger.call("GET", `Items/${code}`).body.Items[0];
const stockLine = (Quantity: number, UnitAmount: number): Record<string, unknown> => ({
  Description: "stock",
  ItemCode: "W1",
  Quantity,
  UnitAmount,
  TaxType: "NONE",
});
const balancing = (UnitAmount: number): Record<string, unknown> => ({
  Description: "stock take",
  Quantity: 1,
  UnitAmount,
  AccountCode: "310",
  TaxType: "NONE",
});
const bill = (Quantity: number, UnitAmount = 10): Body =>
  madeInvoice(ledger, { Type: "ACCPAY", LineItems: [stockLine(Quantity, UnitAmount)] });
const sale = (Quantity: number): Body => madeInvoice(ledger, { LineItems: [{ ItemCode: "W1", Quantity }] });
const balanceOf = (account: string): string[] => {
  const [report] = ledger.call("GET", "Reports/TrialBalance").body.Reports;
  const rows: Body[] = report.Rows.flatMap((section: Body) => section.Rows ?? []);
  const row = rows.find(({ Cells }) => Cells[0].Value.endsWith(`(${account})`));
  return row === undefined ? ["", ""] : [row.Cells[3].Value, row.Cells[4].Value];
};

describe("stock is adjusted without owing anything", () => {
  test("up by a bill of nothing, which is paid at once", () => {
    const { Status, Total } = madeInvoice(ledger, {
      Type: "ACCPAY",
      LineItems: [stockLine(4, 10), balancing(-40)],
    });
    expect({ Status, Total }).toEqual({ Status: "PAID", Total: 0 });
    expect(item()).toMatchObject({ QuantityOnHand: 4, TotalCostPool: 40 });
    expect(balanceOf("630")).toEqual(["40.00", ""]);
    expect(balanceOf("310")).toEqual(["", "40.00"]);
  });

  test("down by a bill credit of nothing", () => {
    bill(4);
    const { Status, Total } = madeCreditNote(ledger, {
      Type: "ACCPAYCREDIT",
      LineItems: [stockLine(3, 10), balancing(-30)],
    });
    expect({ Status, Total }).toEqual({ Status: "PAID", Total: 0 });
    expect(item()).toMatchObject({ QuantityOnHand: 1, TotalCostPool: 10 });
    expect(balanceOf("630")).toEqual(["10.00", ""]);
    expect(balanceOf("310")).toEqual(["30.00", ""]);
  });
});

describe("tracked stock", () => {
  test("is sold at its average cost and comes back with a credit note", () => {
    bill(2, 10);
    bill(2, 13);
    sale(2);
    expect(item()).toMatchObject({ QuantityOnHand: 2, TotalCostPool: 23 });
    expect(balanceOf("310")).toEqual(["23.00", ""]);
    madeCreditNote(ledger, { LineItems: [{ ItemCode: "W1", Quantity: 1 }] });
    expect(item()).toMatchObject({ QuantityOnHand: 3, TotalCostPool: 34.5 });
  });

  test("is moved by money spent and received too", () => {
    madeBankTransaction(ledger, { LineItems: [stockLine(5, 10)] });
    madeBankTransaction(ledger, {
      Type: "RECEIVE",
      LineItems: [{ ItemCode: "W1", Quantity: 2, TaxType: "NONE" }],
    });
    expect(item()).toMatchObject({ QuantityOnHand: 3, TotalCostPool: 30 });
  });

  test("is not moved by drafts, and is put back by voiding", () => {
    const draft = madeInvoice(ledger, { Type: "ACCPAY", Status: "DRAFT", LineItems: [stockLine(4, 10)] });
    expect(item().QuantityOnHand).toBe(0);
    ledger.call("POST", `Invoices/${draft.InvoiceID}`, { Status: "AUTHORISED" });
    expect(item().QuantityOnHand).toBe(4);
    ledger.call("POST", `Invoices/${draft.InvoiceID}`, { Status: "VOIDED" });
    expect(item()).toMatchObject({ QuantityOnHand: 0, TotalCostPool: 0 });
  });

  test("cannot go below zero, nor by voiding the bill of what is sold", () => {
    const { InvoiceID } = bill(2);
    sale(2);
    expect(() => sale(1)).toThrow("cannot become less than zero");
    const voided = ledger.call("POST", `Invoices/${InvoiceID}`, { Status: "VOIDED" });
    expect(voided.status).toBe(400);
    expect(item().QuantityOnHand).toBe(0);
  });

  test("on back order is shown as such", () => {
    bill(2);
    const body = {
      Type: "ACCREC",
      Contact: { ContactID: ledger.contactId },
      DueDate: "2026-12-20",
      Status: "AUTHORISED",
      LineItems: [{ ItemCode: "W1", Quantity: 5 }],
    };
    expect(saved(ledger.call("PUT", "Invoices?allowBackorders=true", body), "Invoices").Total).toBe(150);
    expect(item()).toMatchObject({
      QuantityOnHand: 0,
      QuantityAvailable: -3,
      QuantityOnBackOrder: 3,
      TotalCostPool: 0,
    });
  });

  test("is bought into its asset account only, and only it is booked there", () => {
    const elsewhere = { ...stockLine(1, 10), AccountCode: "404" };
    expect(() => madeInvoice(ledger, { Type: "ACCPAY", LineItems: [elsewhere] })).toThrow(
      "Account code '404' is not a valid code for this document.",
    );
    const plain = { ...LINE, AccountCode: "630" };
    expect(() => madeInvoice(ledger, { Type: "ACCPAY", LineItems: [plain] })).toThrow(
      "Account code '630' is not a valid code for this document.",
    );
  });
});

describe("an item", () => {
  test("takes its documents and its stock along to a new code", () => {
    bill(4);
    const { InvoiceID } = sale(1);
    expect(ledger.call("POST", `Items/${item().ItemID}`, { Code: "W2" }).status).toBe(200);
    ledger.call("POST", `Invoices/${InvoiceID}`, { Status: "VOIDED" });
    expect(item("W2")).toMatchObject({ QuantityOnHand: 4, TotalCostPool: 40 });
    expect(ledger.call("GET", `Invoices/${InvoiceID}`).body.Invoices[0].LineItems[0].ItemCode).toBe("W2");
  });

  test.each<[string, Record<string, unknown>]>([
    ["a code", { Code: "" }],
    ["a code of at most 30", { Code: "x".repeat(31) }],
    ["a name of at most 50", { Code: "a", Name: "x".repeat(51) }],
    ["words of at most 4000", { Code: "a", Description: "x".repeat(4001) }],
    ["an account that exists", { Code: "a", SalesDetails: { AccountCode: "999" } }],
    ["a tax type that exists", { Code: "a", SalesDetails: { TaxType: "NOPE" } }],
    ["both accounts when it is tracked", { Code: "a", InventoryAssetAccountCode: "630" }],
    [
      "an asset account of type INVENTORY",
      { Code: "a", InventoryAssetAccountCode: "605", PurchaseDetails: { COGSAccountCode: "310" } },
    ],
  ])("must have %s", (_what, body) => {
    expect(ledger.call("PUT", "Items", body).status).toBe(400);
  });

  test("is sold and purchased unless told otherwise, and POST changes the one that has its code", () => {
    const made = saved(
      ledger.call("POST", "Items", { Code: "abc", SalesDetails: { UnitPrice: 5 } }),
      "Items",
    );
    expect(made).toMatchObject({ IsSold: true, IsPurchased: true, IsTrackedAsInventory: false, Name: "abc" });
    const changed = saved(ledger.call("POST", "Items", { Code: "abc", IsSold: false }), "Items");
    expect(changed).toMatchObject({ ItemID: made.ItemID, IsSold: false, SalesDetails: {} });
  });

  test("comes 500 at a time at most, is deleted with 204, and not when it moved stock", () => {
    const Items = Array.from({ length: 501 }, (_, index) => ({ Code: `S${index}` }));
    expect(ledger.call("PUT", "Items", { Items }).body.ErrorNumber).toBe(14);
    expect(ledger.call("PUT", "Items", { Items: Items.slice(1) }).status).toBe(200);
    expect(ledger.call("DELETE", "Items/S1")).toMatchObject({ status: 204, body: "" });
    expect(ledger.call("GET", "Items/S1").status).toBe(404);
    bill(1);
    expect(ledger.call("DELETE", "Items/W1").status).toBe(400);
  });
});
