import { beforeEach, describe, expect, test } from "vitest";
import {
  type Body,
  LINE,
  madeBankTransaction,
  madeInvoice,
  messagesOf,
  openTestLedger,
  saved,
  type TestLedger,
} from "../testing.ts";

/** Overpayments and prepayments: facts/xero.md section 4. They are made as bank transactions. */

let ledger: TestLedger;
beforeEach(() => {
  ledger = openTestLedger();
});

const ahead = (Type: string, changes: Record<string, unknown> = {}): Body =>
  madeBankTransaction(ledger, { Type, LineItems: [{ ...LINE, TaxType: "OUTPUT2" }], ...changes });
const read = (path: string): Body => ledger.call("GET", path).body[path.split("/")[0] ?? ""][0];
const balanceOf = (account: string): string[] => {
  const [report] = ledger.call("GET", "Reports/TrialBalance").body.Reports;
  const rows: Body[] = report.Rows.flatMap((section: Body) => section.Rows ?? []);
  const row = rows.find(({ Cells }) => Cells[0].Value.endsWith(`(${account})`));
  return row === undefined ? ["", ""] : [row.Cells[3].Value, row.Cells[4].Value];
};

const PARTS = [
  ["Overpayment", "RECEIVE-OVERPAYMENT", 100, "AROVERPAYMENTPAYMENT"],
  ["Prepayment", "RECEIVE-PREPAYMENT", 120, "ARPREPAYMENTPAYMENT"],
] as const;

describe.each(PARTS)("an %s", (part, Type, total, paymentType) => {
  const plural = `${part}s`;
  const idName = `${part}ID`;

  test("is put on invoices in parts, taken off again, and paid when nothing is left", () => {
    const id = ahead(Type)[idName];
    const { InvoiceID } = madeInvoice(ledger);
    const path = `${plural}/${id}/Allocations`;
    const put = (Amount: number) => ledger.call("PUT", path, { Amount, Invoice: { InvoiceID } });
    expect(put(60).status).toBe(200);
    expect(read(`${plural}/${id}`)).toMatchObject({ Status: "AUTHORISED", RemainingCredit: total - 60 });
    expect(messagesOf(put(total - 59).body)).toEqual([
      `${part} cannot be allocated as amount is greater than amount outstanding`,
    ]);
    const { AllocationID } = saved(put(total - 60), "Allocations");
    expect(read(`${plural}/${id}`)).toMatchObject({ Status: "PAID", RemainingCredit: 0 });
    expect(read(`Invoices/${InvoiceID}`)).toMatchObject({ AmountCredited: total, AmountDue: 120 - total });
    expect(ledger.call("DELETE", `${path}/${AllocationID}`).body).toMatchObject({ IsDeleted: true });
    expect(read(`${plural}/${id}`)).toMatchObject({ Status: "AUTHORISED", RemainingCredit: total - 60 });
  });

  test("is paid back by a payment", () => {
    const id = ahead(Type)[idName];
    const refund = {
      [part]: { [idName]: id },
      Account: { Code: "090" },
      Date: "2026-11-23",
      Amount: total,
    };
    expect(saved(ledger.call("PUT", "Payments", refund), "Payments").PaymentType).toBe(paymentType);
    expect(read(`${plural}/${id}`)).toMatchObject({ Status: "PAID", RemainingCredit: 0 });
    expect(balanceOf("090")).toEqual(["", ""]);
    expect(balanceOf("610")).toEqual(["", ""]);
    expect(balanceOf("820")).toEqual(["", ""]);
  });

  test("is void when its bank transaction is deleted, and cannot be deleted while it is used", () => {
    const { BankTransactionID, [idName]: id } = ahead(Type);
    const { InvoiceID } = madeInvoice(ledger);
    const path = `${plural}/${id}/Allocations`;
    const { AllocationID } = saved(
      ledger.call("PUT", path, { Amount: 5, Invoice: { InvoiceID } }),
      "Allocations",
    );
    const remove = () => ledger.call("POST", `BankTransactions/${BankTransactionID}`, { Status: "DELETED" });
    expect(messagesOf(remove().body)).toEqual([
      "This document cannot be edited as it has a payment or credit note allocated to it.",
    ]);
    ledger.call("DELETE", `${path}/${AllocationID}`);
    expect(remove().body.BankTransactions[0].Status).toBe("DELETED");
    expect(read(`${plural}/${id}`)).toMatchObject({ Status: "VOIDED", RemainingCredit: 0 });
  });

  test("is not made by its own endpoint", () => {
    expect(ledger.call("PUT", plural, {}).status).toBe(501);
  });

  test("pays nothing of a bill, nor of another contact", () => {
    const id = ahead(Type)[idName];
    const bill = madeInvoice(ledger, { Type: "ACCPAY", LineItems: [{ ...LINE, AccountCode: "404" }] });
    const other = madeInvoice(ledger, { Contact: { Name: "Bo" } });
    for (const { InvoiceID } of [bill, other])
      expect(
        ledger.call("PUT", `${plural}/${id}/Allocations`, { Amount: 5, Invoice: { InvoiceID } }).status,
      ).toBe(400);
  });
});

test("overpayments are of receivables and without tax; prepayments carry it", () => {
  expect(ahead("RECEIVE-OVERPAYMENT")).toMatchObject({
    LineAmountTypes: "NoTax",
    TotalTax: 0,
    LineItems: [{ AccountCode: "610", TaxType: "NONE" }],
  });
  expect(balanceOf("610")).toEqual(["", "100.00"]);
  expect(ahead("RECEIVE-PREPAYMENT")).toMatchObject({ TotalTax: 20, LineItems: [{ AccountCode: "200" }] });
  expect(balanceOf("820")).toEqual(["", "20.00"]);
});

test("the tax of a prepayment is owed once: the invoice that uses it up takes it back", () => {
  const { PrepaymentID } = ahead("RECEIVE-PREPAYMENT");
  const { InvoiceID } = madeInvoice(ledger);
  const path = `Prepayments/${PrepaymentID}/Allocations`;
  ledger.call("PUT", path, { Amount: 33.33, Invoice: { InvoiceID } });
  expect(balanceOf("820")).toEqual(["", "34.44"]);
  ledger.call("PUT", path, { Amount: 86.67, Invoice: { InvoiceID } });
  expect(balanceOf("820")).toEqual(["", "20.00"]);
  expect(balanceOf("200")).toEqual(["", "100.00"]);
  expect(balanceOf("090")).toEqual(["120.00", ""]);
  expect(balanceOf("610")).toEqual(["", ""]);
});

test("lists are found by references and by invoice numbers", () => {
  ahead("RECEIVE-OVERPAYMENT", { Reference: "R-1" });
  ahead("RECEIVE-OVERPAYMENT", { Reference: "R-2" });
  ahead("RECEIVE-PREPAYMENT", { Reference: "R-3" });
  const found = (path: string) =>
    ledger.call("GET", path).body[path.split("?")[0] ?? ""].map(({ Reference }: Body) => Reference);
  expect(found("Overpayments?References=R-2,R-9")).toEqual(["R-2"]);
  expect(found("Overpayments")).toEqual(["R-1", "R-2"]);
  expect(found("Prepayments?InvoiceNumbers=R-1")).toEqual([]);
  expect(found("Prepayments?InvoiceNumbers=R-3")).toEqual(["R-3"]);
});

describe("a bank transaction", () => {
  test("takes money received, is reconciled at will, and has no type of transfer", () => {
    const made = madeBankTransaction(ledger, { Type: "RECEIVE", LineItems: [LINE] });
    expect(made).toMatchObject({ Type: "RECEIVE", Status: "AUTHORISED", IsReconciled: false, Total: 120 });
    const path = `BankTransactions/${made.BankTransactionID}`;
    expect(ledger.call("POST", path, { IsReconciled: true }).body.BankTransactions[0].IsReconciled).toBe(
      true,
    );
    expect(ledger.call("POST", path, { Reference: "x" }).status).toBe(400);
    expect(() => madeBankTransaction(ledger, { Type: "SPEND-TRANSFER" })).toThrow("Type must be specified");
  });

  test.each<[string, Record<string, unknown>]>([
    ["lines", { LineItems: [] }],
    ["a contact", { Contact: undefined }],
    ["a bank account", { BankAccount: undefined }],
    ["a type", { Type: undefined }],
    ["an account on its lines", { LineItems: [{ Description: "x", UnitAmount: 5 }] }],
  ])("needs %s", (_what, changes) => {
    expect(() => madeBankTransaction(ledger, changes)).toThrow("ValidationException");
  });
});
