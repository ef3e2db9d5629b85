import { beforeEach, describe, expect, test } from "vitest";
import {
  type Body,
  LINE,
  madeBankTransaction,
  madeCreditNote,
  madeInvoice,
  messagesOf,
  openTestLedger,
  paymentOf,
  saved,
  type TestLedger,
} from "../testing.ts";

/** facts/xero.md section 5, rule 11; facts/accounting.md section 3.6. */

const ORG = { currencies: ["GBP", "EUR", "JPY", "KWD"], dayRates: { EUR: 1.17, JPY: 206.5, KWD: 0.41 } };
let ledger: TestLedger;
beforeEach(() => {
  ledger = openTestLedger(ORG);
});

const untaxed = (UnitAmount: number, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  LineItems: [{ ...LINE, UnitAmount, TaxType: "NONE", ...changes }],
});
const pay = (invoice: Body, changes: Record<string, unknown>): Body =>
  saved(ledger.call("PUT", "Payments", paymentOf(invoice, changes)), "Payments");
const balanceOf = (name: string): string[] => {
  const [report] = ledger.call("GET", "Reports/TrialBalance").body.Reports;
  const rows: Body[] = report.Rows.flatMap((section: Body) => section.Rows ?? []);
  const row = rows.find(({ Cells }) => Cells[0].Value.startsWith(name));
  return row === undefined ? ["", ""] : [row.Cells[3].Value, row.Cells[4].Value];
};

describe("a gain is realised by the payment", () => {
  test("FX-04: 120.00 EUR at 1.17, paid at 1.15, gain 1.79 GBP", () => {
    const invoice = madeInvoice(ledger, { CurrencyCode: "EUR", CurrencyRate: 1.17, ...untaxed(120) });
    expect(invoice).toMatchObject({ Total: 120, CurrencyRate: 1.17, CurrencyCode: "EUR" });
    expect(balanceOf("Accounts Receivable")).toEqual(["102.56", ""]);
    const payment = pay(invoice, { Account: { Code: "091" }, CurrencyRate: 1.15 });
    expect(payment).toMatchObject({ Amount: 120, BankAmount: 120, CurrencyRate: 1.15 });
    expect(balanceOf("Euro Bank")).toEqual(["104.35", ""]);
    expect(balanceOf("Realised Currency Gains")).toEqual(["", "1.79"]);
    expect(balanceOf("Accounts Receivable")).toEqual(["", ""]);
  });

  test("a loss on a bill, and nothing when the payment is deleted", () => {
    const bill = madeInvoice(ledger, {
      Type: "ACCPAY",
      CurrencyCode: "EUR",
      CurrencyRate: 1.17,
      ...untaxed(120, { AccountCode: "404" }),
    });
    const { PaymentID } = pay(bill, { CurrencyRate: 1.15 });
    expect(balanceOf("Realised Currency Gains")).toEqual(["1.79", ""]);
    ledger.call("POST", `Payments/${PaymentID}`, { Status: "DELETED" });
    expect(balanceOf("Realised Currency Gains")).toEqual(["", ""]);
    expect(balanceOf("Accounts Payable")).toEqual(["", "102.56"]);
  });

  test("parts of a payment leave no cent behind", () => {
    const invoice = madeInvoice(ledger, { CurrencyCode: "EUR", CurrencyRate: 1.17, ...untaxed(100) });
    for (const Amount of [33.33, 33.33, 33.34]) pay(invoice, { Amount, CurrencyRate: 1.17 });
    expect(balanceOf("Accounts Receivable")).toEqual(["", ""]);
  });

  test("a credit note of another day's rate realises the difference when it is allocated", () => {
    const { InvoiceID } = madeInvoice(ledger, { CurrencyCode: "EUR", CurrencyRate: 1.17, ...untaxed(120) });
    const { CreditNoteID } = madeCreditNote(ledger, {
      CurrencyCode: "EUR",
      CurrencyRate: 1.15,
      ...untaxed(120),
    });
    const path = `CreditNotes/${CreditNoteID}/Allocations`;
    expect(ledger.call("PUT", path, { Amount: 120, Invoice: { InvoiceID } }).status).toBe(200);
    expect(balanceOf("Realised Currency Gains")).toEqual(["", "1.79"]);
    expect(balanceOf("Accounts Receivable")).toEqual(["", ""]);
  });
});

describe("rates", () => {
  test("are of the document's day unless sent, six decimals, and 1 in base currency", () => {
    const rateOf = (changes: Record<string, unknown>): number => madeInvoice(ledger, changes).CurrencyRate;
    expect(rateOf({ CurrencyCode: "EUR" })).toBe(1.17);
    expect(rateOf({ CurrencyCode: "EUR", CurrencyRate: 1.1765432 })).toBe(1.176543);
    expect(rateOf({ CurrencyRate: 1.5 })).toBe(1);
  });

  test("that look wrong are saved with a warning; of nothing or less they are refused", () => {
    const made = madeInvoice(ledger, { CurrencyCode: "EUR", CurrencyRate: 0.85 });
    expect(made.Warnings).toHaveLength(1);
    for (const CurrencyRate of [0, -1])
      expect(() => madeInvoice(ledger, { CurrencyCode: "EUR", CurrencyRate })).toThrow("CurrencyRate");
  });

  test("of a payment into another currency's account are the rates of the payment's day", () => {
    const payment = pay(madeInvoice(ledger, untaxed(100)), { Account: { Code: "091" }, Amount: 100 });
    expect(payment).toMatchObject({ Amount: 100, BankAmount: 117, CurrencyRate: 1 });
    ledger = openTestLedger();
    const rateOn = (date: string): number =>
      madeInvoice(ledger, { CurrencyCode: "EUR", Date: date }).CurrencyRate;
    const [then, now] = [rateOn("2026-11-20"), rateOn("2026-11-22")];
    expect(then.toFixed(3)).not.toBe(now.toFixed(3));
    const later = pay(madeInvoice(ledger, untaxed(1_000)), { Account: { Code: "091" }, Amount: 1_000 });
    expect(later.BankAmount).toBe(Math.round(now * 100_000) / 100);
  });
});

describe("currencies with other decimals than two", () => {
  test("JPY amounts are kept with two decimals like any others", () => {
    const invoice = madeInvoice(ledger, {
      CurrencyCode: "JPY",
      LineItems: [{ ...LINE, UnitAmount: 9_999.99, TaxType: "OUTPUT2" }],
      LineAmountTypes: "Inclusive",
    });
    expect(invoice).toMatchObject({ Total: 9_999.99, TotalTax: 1_666.67, CurrencyRate: 206.5 });
    pay(invoice, { Amount: 9_999 });
    const { body } = ledger.call("GET", `Invoices/${invoice.InvoiceID}`);
    expect(body.Invoices[0]).toMatchObject({ Status: "AUTHORISED", AmountDue: 0.99 });
    pay(invoice, { Amount: 0.99 });
    expect(balanceOf("Accounts Receivable")).toEqual(["", ""]);
  });

  test("KWD amounts lose their third decimal, of a price before it is multiplied", () => {
    const line = { Description: "x", Quantity: 10, UnitAmount: 12.345, AccountCode: "200", TaxType: "NONE" };
    const invoice = madeInvoice(ledger, { CurrencyCode: "KWD", LineItems: [line] });
    expect(invoice).toMatchObject({ Total: 123.5, CurrencyRate: 0.41 });
    const fine = { Type: "ACCREC", CurrencyCode: "KWD", Contact: { ContactID: ledger.contactId } };
    const body = { ...fine, LineItems: [line] };
    expect(ledger.call("PUT", "Invoices?unitdp=4", body).body.Invoices[0].Total).toBe(123.45);
    pay(invoice, { Amount: 12.345 });
    const read = ledger.call("GET", `Invoices/${invoice.InvoiceID}`).body.Invoices[0];
    expect(read.AmountDue).toBe(111.15);
  });
});

describe("across currencies", () => {
  test("a credit cannot be put on an invoice (FX-09)", () => {
    const { InvoiceID } = madeInvoice(ledger);
    const { CreditNoteID } = madeCreditNote(ledger, { CurrencyCode: "EUR" });
    const { status, body } = ledger.call("PUT", `CreditNotes/${CreditNoteID}/Allocations`, {
      Amount: 5,
      Invoice: { InvoiceID },
    });
    expect(status).toBe(400);
    expect(messagesOf(body)).toEqual(["Credit Note and invoice must be in the same currency"]);
  });

  test("money spent and received is in its bank account's currency; an overpayment may be in another", () => {
    expect(madeBankTransaction(ledger, { BankAccount: { Code: "091" } })).toMatchObject({
      CurrencyCode: "EUR",
      CurrencyRate: 1.17,
    });
    expect(() => madeBankTransaction(ledger, { CurrencyCode: "EUR" })).toThrow("GBP");
    const over = { Type: "RECEIVE-OVERPAYMENT", CurrencyCode: "EUR" };
    expect(madeBankTransaction(ledger, over).CurrencyCode).toBe("EUR");
  });
});

describe("a currency", () => {
  test("must be subscribed, is one that exists, and stays", () => {
    expect(() => madeInvoice(ledger, { CurrencyCode: "USD" })).toThrow(
      "Organisation is not subscribed to currency USD",
    );
    expect(ledger.call("PUT", "Currencies", { Code: "USD" }).status).toBe(200);
    expect(madeInvoice(ledger, { CurrencyCode: "USD" }).CurrencyCode).toBe("USD");
    expect(ledger.call("PUT", "Currencies", { Code: "XYZ" }).body).toMatchObject({
      ErrorNumber: 14,
      Message: "Requested value 'XYZ' was not found.",
    });
    const codes = ledger.call("GET", "Currencies").body.Currencies.map(({ Code }: Body) => Code);
    expect(codes).toEqual(["GBP", "EUR", "JPY", "KWD", "USD"]);
  });
});
