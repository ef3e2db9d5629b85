import { beforeEach, describe, expect, test } from "vitest";
import {
  type Body,
  invoiceOf,
  LINE,
  madeCreditNote,
  madeInvoice,
  messagesOf,
  openTestLedger,
  saved,
  type TestLedger,
} from "../testing.ts";

/** Lengths, forms and defaults of fields, on both sides of each border: facts/xero.md section 4. */

let ledger: TestLedger;
beforeEach(() => {
  ledger = openTestLedger();
});

describe("a contact's", () => {
  const CASES: readonly (readonly [string, number, (value: string) => Record<string, unknown>])[] = [
    ["Name", 255, (Name) => ({ Name })],
    ["ContactNumber", 50, (ContactNumber) => ({ ContactNumber })],
    ["AccountNumber", 50, (AccountNumber) => ({ AccountNumber })],
    ["FirstName", 255, (FirstName) => ({ FirstName })],
    ["LastName", 255, (LastName) => ({ LastName })],
    ["CompanyNumber", 50, (CompanyNumber) => ({ CompanyNumber })],
    ["TaxNumber", 50, (TaxNumber) => ({ TaxNumber })],
    ...["AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4"].map(
      (field) =>
        [
          field,
          500,
          (value: string) => ({ Addresses: [{ AddressType: "STREET", [field]: value }] }),
        ] as const,
    ),
    ...["City", "Region", "AttentionTo"].map(
      (field) =>
        [field, 255, (value: string) => ({ Addresses: [{ AddressType: "POBOX", [field]: value }] })] as const,
    ),
    ["PostalCode", 50, (PostalCode) => ({ Addresses: [{ AddressType: "STREET", PostalCode }] })],
    ["Country", 50, (Country) => ({ Addresses: [{ AddressType: "STREET", Country }] })],
    ["PhoneNumber", 50, (PhoneNumber) => ({ Phones: [{ PhoneType: "DDI", PhoneNumber }] })],
    ["PhoneAreaCode", 10, (PhoneAreaCode) => ({ Phones: [{ PhoneType: "DDI", PhoneAreaCode }] })],
    ["PhoneCountryCode", 20, (PhoneCountryCode) => ({ Phones: [{ PhoneType: "DDI", PhoneCountryCode }] })],
  ];

  test.each(CASES)("%s has %i characters at most", (_field, max, changes) => {
    const put = (length: number) =>
      ledger.call("PUT", "Contacts", { Name: "Bo", ...changes("x".repeat(length)) });
    expect(put(max + 1).status).toBe(400);
    expect(put(max).status).toBe(200);
  });
});

describe("an invoice's", () => {
  test.each([
    ["InvoiceNumber", 255],
    ["Reference", 255],
  ])("%s has %i characters at most", (field, max) => {
    expect(() => madeInvoice(ledger, { [field]: "x".repeat(max + 1) })).toThrow("too long");
    expect(madeInvoice(ledger, { [field]: "x".repeat(max) }).Status).toBe("AUTHORISED");
  });

  test("number is printable ASCII", () => {
    for (const InvoiceNumber of ["Ä-1", "A\t1", "№ 1"])
      expect(() => madeInvoice(ledger, { InvoiceNumber })).toThrow("printable ASCII");
    expect(madeInvoice(ledger, { InvoiceNumber: "~ #1/A" }).InvoiceNumber).toBe("~ #1/A");
  });

  test("line may be words alone, of 4,000 characters", () => {
    const words = { Description: "x".repeat(4_000) };
    expect(madeInvoice(ledger, { LineItems: [LINE, words] })).toMatchObject({ Total: 120 });
    expect(() => madeInvoice(ledger, { LineItems: [LINE, { Description: "x".repeat(4_001) }] })).toThrow(
      "too long",
    );
  });

  test("quantity has thirteen characters and four decimals, and its amount ten digits", () => {
    const line = (changes: Record<string, unknown>) =>
      madeInvoice(ledger, { LineItems: [{ ...LINE, ...changes }] });
    expect(() => line({ Quantity: "12345678901234", UnitAmount: 0 })).toThrow("quantity value");
    expect(line({ Quantity: 1.23456 }).LineItems[0].Quantity).toBe(1.2346);
    expect(line({ UnitAmount: 9_999_999_999.99, TaxType: "NONE" }).Total).toBe(9_999_999_999.99);
    expect(() => line({ UnitAmount: 10_000_000_000 })).toThrow("exceeds the maximum");
  });

  test("Reference is of sales only; the number of a bill is one, and need not be unique", () => {
    const bill = { Type: "ACCPAY", LineItems: [{ ...LINE, AccountCode: "404" }], Reference: "R" };
    expect(madeInvoice(ledger, { ...bill, InvoiceNumber: "S-1" })).toMatchObject({
      InvoiceNumber: "S-1",
      Reference: "",
    });
    expect(madeInvoice(ledger, { ...bill, InvoiceNumber: "S-1" }).InvoiceNumber).toBe("S-1");
    const note = { ...bill, Type: "ACCPAYCREDIT", CreditNoteNumber: "S-1" };
    expect(madeCreditNote(ledger, note)).toMatchObject({ CreditNoteNumber: "S-1", Reference: "" });
    madeCreditNote(ledger, { CreditNoteNumber: "C-1", Reference: "R" });
    expect(() => madeCreditNote(ledger, { CreditNoteNumber: "c-1" })).toThrow("must be unique");
  });

  test("SentToContact is taken once it is approved", () => {
    expect(madeInvoice(ledger, { SentToContact: true }).SentToContact).toBe(true);
    expect(madeInvoice(ledger, { SentToContact: true, Status: "DRAFT" }).SentToContact).toBe(false);
  });

  test("date is today's in the organisation's time zone when there is none", () => {
    ledger = openTestLedger({ timezone: "Pacific/Kiritimati" });
    ledger.ledger.clock.change({ advanceSeconds: 2 * 3_600 });
    expect(madeInvoice(ledger, { Date: undefined }).DateString).toBe("2026-11-25T00:00:00");
  });

  test("amounts may be sent as text, its dates as days or ticks, and its fields in any case", () => {
    const text = {
      type: "ACCREC",
      contact: { contactid: ledger.contactId },
      date: "/Date(1795132800000+0000)/",
      LINEITEMS: [{ description: "x", quantity: "2", unitAmount: "10.50", accountCode: "200" }],
    };
    expect(saved(ledger.call("PUT", "Invoices", text), "Invoices")).toMatchObject({
      DateString: "2026-11-20T00:00:00",
      SubTotal: 21,
    });
  });
});

test("a body may hold one document or many, and fifty are no limit", () => {
  const draft = invoiceOf(ledger.contactId, { Status: "DRAFT" });
  expect(ledger.call("PUT", "Invoices", draft).body.Invoices).toHaveLength(1);
  expect(ledger.call("PUT", "Invoices", { Invoices: draft }).body.Invoices).toHaveLength(1);
  const many = { Invoices: Array.from({ length: 60 }, () => draft) };
  expect(ledger.call("PUT", "Invoices", many).body.Invoices).toHaveLength(60);
});

describe("a manual journal", () => {
  const journalOf = (changes: Record<string, unknown>, code = "404") => ({
    Narration: "Fees",
    Status: "POSTED",
    JournalLines: [
      { LineAmount: 100, AccountCode: code },
      { LineAmount: -100, AccountCode: "605" },
    ],
    ...changes,
  });
  const refusalOf = (body: unknown): string[] => messagesOf(ledger.call("PUT", "ManualJournals", body).body);

  test.each(["610", "800", "090", "960", "630"])(
    "does not touch account %s: receivables, payables, bank, retained earnings, inventory",
    (code) => {
      expect(refusalOf(journalOf({}, code))).toEqual([
        `Account code '${code}' is not a valid code for this document.`,
      ]);
    },
  );

  test("needs a narration and two lines", () => {
    expect(refusalOf(journalOf({ Narration: "" }))).toHaveLength(1);
    expect(refusalOf(journalOf({ JournalLines: [{ LineAmount: 0, AccountCode: "404" }] }))).toHaveLength(1);
  });

  test("carries tax when it is told to, and balances with it", () => {
    const lines = [
      { LineAmount: 100, AccountCode: "404", TaxType: "INPUT2" },
      { LineAmount: -120, AccountCode: "605", TaxType: "NONE" },
    ];
    const body = journalOf({ LineAmountTypes: "Exclusive", JournalLines: lines });
    const made: Body = saved(ledger.call("PUT", "ManualJournals", body), "ManualJournals");
    expect(made.JournalLines.map(({ TaxAmount }: Body) => TaxAmount)).toEqual([20, 0]);
    expect(refusalOf(journalOf({ LineAmountTypes: "Inclusive", JournalLines: lines }))).toEqual([
      "The total debits (100.00) must equal total credits (-120.00)",
    ]);
  });
});

test("the trial balance moves the profit of earlier years to retained earnings", () => {
  madeInvoice(ledger, { Date: "2026-03-31" });
  const rowsAt = (date: string): Map<string, string> => {
    const [report] = ledger.call("GET", `Reports/TrialBalance?date=${date}`).body.Reports;
    const rows: Body[] = report.Rows.flatMap((section: Body) => section.Rows ?? []);
    return new Map(rows.map(({ Cells }) => [Cells[0].Value, Cells[4].Value]));
  };
  expect(rowsAt("2026-03-31").get("Sales (200)")).toBe("100.00");
  expect(rowsAt("2026-04-01").get("Sales (200)")).toBeUndefined();
  expect(rowsAt("2026-04-01").get("Retained Earnings (960)")).toBe("100.00");
  expect(rowsAt("2026-03-30").size).toBe(1);
  expect(ledger.call("GET", "Reports/TrialBalance?date=x").status).toBe(400);
});
