/** What the ledger's documents show, in the terms of the entries: lines, tax types, sums. */
import type { Body } from "../../sandbox/ledger/testing.ts";
import type { Books } from "./harness.ts";
import { ACCOUNT } from "./organisation.ts";

/** Quantity, unit amount, amount, tax type, account. */
export const linesOf = (document: Body) =>
  document.LineItems.map((line: Body) => [
    line.Quantity,
    line.UnitAmount,
    line.LineAmount,
    line.TaxType,
    line.AccountCode,
  ]);

export const typesOf = (document: Body): string[] => document.LineItems.map((line: Body) => line.TaxType);

/** Codes of the items that the lines name. */
export const codesOf = (document: Body): (string | undefined)[] =>
  document.LineItems.map((line: Body) => line.ItemCode);

export const sumOf = (lines: readonly Body[], field: "LineAmount" | "TaxAmount" | "Quantity"): number =>
  Math.round(lines.reduce((sum, line) => sum + line[field], 0) * 10_000) / 10_000;

/** Tax of each tax type. */
export function taxesOf(document: Body): Record<string, number> {
  const types = [...new Set(typesOf(document))];
  return Object.fromEntries(
    types.map((type) => [
      type,
      sumOf(
        document.LineItems.filter((line: Body) => line.TaxType === type),
        "TaxAmount",
      ),
    ]),
  );
}

/** The amount and tax of the lines of an account. */
export const ofAccount = (document: Body, code: string): Body[] =>
  document.LineItems.filter((line: Body) => line.AccountCode === code);

export const invoiceNumbered = (ledger: Books, number: string): Body =>
  ledger.call("GET", `Invoices/${number}?unitdp=4`).Invoices[0];

/** Makes an item of the ledger that is kept in stock, and buys some of it. */
export function keepInStock(ledger: Books, code: string, quantity: number, unitCost = 1): void {
  ledger.call("PUT", "Items", {
    Code: code,
    Name: code,
    InventoryAssetAccountCode: ACCOUNT.inventory,
    PurchaseDetails: { COGSAccountCode: ACCOUNT.costOfGoods, UnitPrice: unitCost },
    SalesDetails: { AccountCode: ACCOUNT.sales },
  });
  const [supplier] = ledger.call("PUT", "Contacts", { Name: `Supplier of ${code}` }).Contacts;
  ledger.call("PUT", "Invoices", {
    Type: "ACCPAY",
    Contact: { ContactID: supplier.ContactID },
    Date: "2026-01-02",
    DueDate: "2026-01-02",
    Status: "AUTHORISED",
    LineAmountTypes: "NoTax",
    LineItems: [{ ItemCode: code, Description: code, Quantity: quantity, UnitAmount: unitCost }],
  });
}
