import { beforeEach, describe, expect, test } from "vitest";
import {
  type Answer,
  type Body,
  LINE,
  madeCreditNote,
  madeInvoice,
  messagesOf,
  openTestLedger,
  paid,
  saved,
  type TestLedger,
} from "../testing.ts";

/** facts/xero.md section 4, Invoices: what may still change once a payment or a credit is on a document. */

const PAID = "This document cannot be edited as it has a payment or credit note allocated to it.";
const PAID_DATE = "Date cannot be changed on an invoice that has payment or credit notes allocated to it.";

let ledger: TestLedger;
beforeEach(() => {
  ledger = openTestLedger();
});

const edit = (invoice: Body, changes: Record<string, unknown>): Answer =>
  ledger.call("POST", `Invoices/${invoice.InvoiceID}`, changes);
const brandingTheme = () =>
  ledger.call("GET", "BrandingThemes").body.BrandingThemes[0].BrandingThemeID as string;
const otherContact = () =>
  saved(ledger.call("PUT", "Contacts", { Name: "Bo" }), "Contacts").ContactID as string;
const partPaid = (changes: Record<string, unknown> = {}): Body => {
  const invoice = madeInvoice(ledger, changes);
  paid(ledger, invoice, 20);
  return invoice;
};
const BILL = { Type: "ACCPAY", LineItems: [{ ...LINE, AccountCode: "404" }] };

describe("a part-paid sales invoice", () => {
  test.each<[string, () => Record<string, unknown>]>([
    ["Reference", () => ({ Reference: "R" })],
    ["DueDate", () => ({ DueDate: "2027-01-31" })],
    ["InvoiceNumber", () => ({ InvoiceNumber: "M-1" })],
    ["BrandingThemeID", () => ({ BrandingThemeID: brandingTheme() })],
    ["Contact", () => ({ Contact: { ContactID: otherContact() } })],
    ["Url", () => ({ Url: "https://shop.example/1" })],
    ["SentToContact", () => ({ SentToContact: true })],
  ])("takes another %s", (_field, changes) => {
    const { status, body } = edit(partPaid(), changes());
    expect(messagesOf(body)).toEqual([]);
    expect(status).toBe(200);
    expect(body.Invoices[0]).toMatchObject({ AmountPaid: 20, AmountDue: 100 });
  });

  test("takes other words, another account and tracking on its lines", () => {
    const invoice = partPaid();
    const [{ LineItemID }] = invoice.LineItems;
    const Tracking = [{ Name: "Channel", Option: "Web" }];
    const { body } = edit(invoice, {
      LineItems: [{ LineItemID, Description: "other", AccountCode: "860", Tracking }],
    });
    expect(body.Invoices[0].LineItems[0]).toMatchObject({ LineItemID, Description: "other", Tracking });
  });

  test.each<[string, string, (invoice: Body) => Record<string, unknown>]>([
    ["its date", PAID_DATE, () => ({ Date: "2026-11-19" })],
    ["its currency rate", PAID, () => ({ CurrencyRate: 1.5 })],
    ["its tax", PAID, () => ({ LineAmountTypes: "NoTax" })],
    ["an expected payment date", PAID, () => ({ ExpectedPaymentDate: "2026-12-01" })],
    ["a line without an id", PAID, () => ({ LineItems: [LINE] })],
    [
      "one more line",
      PAID,
      ({ LineItems: [{ LineItemID }] }) => ({ LineItems: [{ LineItemID }, { ...LINE, UnitAmount: 0 }] }),
    ],
    ["a quantity", PAID, ({ LineItems: [{ LineItemID }] }) => ({ LineItems: [{ LineItemID, Quantity: 2 }] })],
    [
      "a tax type",
      PAID,
      ({ LineItems: [{ LineItemID }] }) => ({ LineItems: [{ LineItemID, TaxType: "ZERORATEDOUTPUT" }] }),
    ],
  ])("does not take %s", (_what, message, changes) => {
    const invoice = partPaid({ CurrencyCode: "EUR", CurrencyRate: 1.17 });
    const { status, body } = edit(invoice, changes(invoice));
    expect(status).toBe(400);
    expect(messagesOf(body)).toContain(message);
  });

  test("with a credit note on it keeps its contact", () => {
    const { CreditNoteID } = madeCreditNote(ledger);
    const invoice = madeInvoice(ledger);
    const Invoice = { InvoiceID: invoice.InvoiceID };
    ledger.call("PUT", `CreditNotes/${CreditNoteID}/Allocations`, { Amount: 5, Invoice });
    expect(messagesOf(edit(invoice, { Contact: { ContactID: otherContact() } }).body)).toEqual([PAID]);
    expect(edit(invoice, { Reference: "R" }).status).toBe(200);
  });

  test("takes nothing at all in a locked period", () => {
    const invoice = partPaid({ Date: "2026-10-01" });
    for (const organisation of ledger.ledger.books.all("organisation"))
      ledger.ledger.books.put("organisation", { ...organisation, periodLockDate: "2026-10-31" });
    expect(edit(invoice, { Reference: "R" }).status).toBe(400);
  });
});

test("a part-paid bill takes its due date and a planned payment date, and no other amount", () => {
  const bill = partPaid(BILL);
  const { body } = edit(bill, { DueDate: "2027-01-31", PlannedPaymentDate: "2027-01-15" });
  expect(body.Invoices[0]).toMatchObject({
    DueDateString: "2027-01-31T00:00:00",
    PlannedPaymentDateString: "2027-01-15T00:00:00",
  });
  expect(messagesOf(edit(bill, { LineItems: [{ ...LINE, AccountCode: "404" }] }).body)).toContain(PAID);
});

describe("a credit note", () => {
  const note = (changes?: Record<string, unknown>): Body => madeCreditNote(ledger, changes);
  const editNote = (id: string, changes: Record<string, unknown>): Answer =>
    ledger.call("POST", `CreditNotes/${id}`, changes);

  test("is created and allocated in two calls: allocations that are sent with it are not made", () => {
    const { InvoiceID } = madeInvoice(ledger);
    const made = note({ Allocations: [{ Amount: 5, Invoice: { InvoiceID } }] });
    expect(made).toMatchObject({ RemainingCredit: 120, Allocations: [] });
  });

  test("that is allocated takes nothing, and is free again when the allocation is deleted", () => {
    const { InvoiceID } = madeInvoice(ledger);
    const { CreditNoteID } = note();
    const path = `CreditNotes/${CreditNoteID}/Allocations`;
    const { AllocationID } = saved(
      ledger.call("PUT", path, { Amount: 5, Invoice: { InvoiceID } }),
      "Allocations",
    );
    for (const changes of [{ Reference: "R" }, { DueDate: "2027-01-31" }, { LineItems: [LINE] }])
      expect(messagesOf(editNote(CreditNoteID, changes).body)).toEqual([PAID]);
    expect(ledger.call("DELETE", `${path}/${AllocationID}`).body).toMatchObject({ IsDeleted: true });
    expect(editNote(CreditNoteID, { Reference: "R" }).status).toBe(200);
  });

  test("that was paid back in full is PAID, and open again when the refund is deleted", () => {
    const { CreditNoteID } = note();
    const refund = {
      CreditNote: { CreditNoteID },
      Account: { Code: "605" },
      Date: "2026-11-22",
      Amount: 120,
    };
    const { PaymentID, PaymentType } = saved(ledger.call("PUT", "Payments", refund), "Payments");
    expect(PaymentType).toBe("ARCREDITPAYMENT");
    expect(ledger.call("GET", `CreditNotes/${CreditNoteID}`).body.CreditNotes[0].Status).toBe("PAID");
    ledger.call("POST", `Payments/${PaymentID}`, { Status: "DELETED" });
    expect(ledger.call("GET", `CreditNotes/${CreditNoteID}`).body.CreditNotes[0]).toMatchObject({
      Status: "AUTHORISED",
      RemainingCredit: 120,
    });
  });
});
