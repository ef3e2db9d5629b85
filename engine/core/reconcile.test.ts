import { describe, expect, test } from "vitest";
import { openItems } from "./clearing.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import { type Booked, reconcile } from "./reconcile.ts";
import { orgGb } from "./testing.ts";

const line = (account: string, taxType: string, amount: string, tax?: string) => ({
  AccountCode: account,
  TaxType: taxType,
  LineAmount: amount,
  ...(tax !== undefined && { TaxAmount: tax }),
});

const invoice = (more: Booked["body"] = {}, contactId: string | null = "c1"): Booked => ({
  step: "invoice",
  resource: "Invoices",
  ledgerId: "i1",
  contactId,
  body: {
    Type: "ACCREC",
    InvoiceNumber: "17",
    Reference: "R-17",
    Date: "2026-05-04",
    Status: "AUTHORISED",
    CurrencyCode: "GBP",
    LineAmountTypes: "Inclusive",
    LineItems: [line("200", "OUTPUT2", "36.00"), line("202", "OUTPUT2", "6.00", "1.01")],
    ...more,
  },
});

const payment: Booked = {
  step: "payment-1",
  resource: "Payments",
  ledgerId: "p1",
  parentId: "i1",
  body: { Amount: "42.00", Date: "2026-05-04", Reference: "R-17 ch_1" },
};

const kept = (more: Partial<LedgerSnapshot> = {}): LedgerSnapshot => ({
  id: "i1",
  number: "17",
  reference: "R-17",
  type: "ACCREC",
  status: "PAID",
  contactId: "c1",
  date: "2026-05-04",
  currency: "GBP",
  total: "42.00",
  totalTax: "7.01",
  lineAmountTypes: "Inclusive",
  lines: [
    { accountCode: "202", taxType: "OUTPUT2", lineAmount: "6.00", taxAmount: "1.01" },
    { accountCode: "200", taxType: "OUTPUT2", lineAmount: "36.00", taxAmount: "6.00" },
  ],
  payments: [{ id: "p1", date: "2026-05-04", amount: "42.00", reference: "R-17 ch_1", status: "AUTHORISED" }],
  ...more,
});

const outcome = (
  ledger: readonly LedgerSnapshot[],
  booked: readonly Booked[] = [invoice(), payment],
  numberPrefix = "",
) => reconcile({ booked, ledger, org: orgGb, numberPrefix });
const differences = (...given: Parameters<typeof outcome>) =>
  outcome(...given).differences.map(({ kind, expected, actual }) => [kind, expected, actual]);

describe("a posted document and the ledger's", () => {
  test("agree when only the order of lines differs and it has been paid; tax that was not stated is computed", () => {
    expect(outcome([kept()])).toMatchObject({ agreed: ["i1", "p1"], differences: [] });
  });

  test.each([
    ["status", { status: "DRAFT" }, ["status", "AUTHORISED", "DRAFT"]],
    ["contact", { contactId: "c2" }, ["contact", "c1", "c2"]],
    ["currency", { currency: "EUR" }, ["currency", "GBP", "EUR"]],
    ["date", { date: "2026-05-05" }, ["date", "2026-05-04", "2026-05-05"]],
  ] as const)("differ in their %s", (_, change, expected) => {
    expect(differences([kept(change)])).toEqual([expected]);
  });

  test("differ in tax by a cent, in the total and on the line", () => {
    const [shipping, goods] = kept().lines;
    if (shipping === undefined || goods === undefined) throw new Error("two lines");
    const changed = kept({ totalTax: "7.00", lines: [{ ...shipping, taxAmount: "1.00" }, goods] });
    expect(differences([changed])).toEqual([
      ["tax", "7.01", "7.00"],
      [
        "lines",
        "200 OUTPUT2 36.00 6.00; 202 OUTPUT2 6.00 1.01",
        "200 OUTPUT2 36.00 6.00; 202 OUTPUT2 6.00 1.00",
      ],
    ]);
  });

  test("of net amounts have their tax on top", () => {
    const net = invoice({ LineAmountTypes: "Exclusive", LineItems: [line("200", "OUTPUT2", "35.00")] });
    const lines = [{ accountCode: "200", taxType: "OUTPUT2", lineAmount: "35.00", taxAmount: "7.00" }];
    const same = kept({ lineAmountTypes: "Exclusive", lines, totalTax: "7.00" });
    expect(differences([same], [net])).toEqual([]);
    expect(differences([{ ...same, total: "42.05" }], [net])).toEqual([
      ["total", "42.00", "42.05"],
      ["hiddenRounding", "42.00", "42.05"],
    ]);
  });

  test("a document whose contact was not kept is compared without it", () => {
    expect(differences([kept({ contactId: "c2" })], [invoice({}, null)])).toEqual([]);
  });
});

describe("a payment", () => {
  const paidBy = (...payments: LedgerSnapshot["payments"]) => differences([kept({ payments })]);
  const [own] = kept().payments;
  if (own === undefined) throw new Error("a payment");

  test("is missed where its invoice no longer has it, and where it was deleted", () => {
    expect(paidBy()).toEqual([["missing", "42.00", ""]]);
    expect(paidBy({ ...own, status: "DELETED" })).toEqual([["voided", "42.00", "DELETED"]]);
  });

  test("differs in its amount and its day", () => {
    expect(paidBy({ ...own, amount: "41.00", date: "2026-05-06" })).toEqual([
      ["total", "42.00", "41.00"],
      ["date", "2026-05-04", "2026-05-06"],
    ]);
  });

  test("of a document that was not read says nothing", () => {
    expect(outcome([], [payment])).toMatchObject({ agreed: [], differences: [] });
  });
});

describe("documents that nobody posted", () => {
  const other = (more: Partial<LedgerSnapshot>) =>
    kept({ id: "i2", number: "INV-9", reference: "walk-in", payments: [], ...more });

  test("are extra when they have a number of ours, or the number or reference of one of ours", () => {
    const kinds = (more: Partial<LedgerSnapshot>, prefix = "") =>
      differences([kept(), other(more)], undefined, prefix);
    expect(kinds({})).toEqual([]);
    for (const more of [{ reference: "R-17" }, { number: "R-17" }, { reference: "17" }])
      expect(kinds(more)).toEqual([["extra", "", "42.00"]]);
    expect(kinds({ number: "M2-99" })).toEqual([]);
    expect(kinds({ number: "M2-99" }, "M2-")).toEqual([["extra", "", "42.00"]]);
    expect(kinds({ reference: "R-17", status: "VOIDED" })).toEqual([]);
  });
});

describe("control totals", () => {
  test("leave out drafts and foreign documents, and take off what was given back", () => {
    const note: Booked = {
      ...invoice({
        Type: "ACCRECCREDIT",
        CreditNoteNumber: "CN-1",
        LineItems: [line("200", "OUTPUT2", "12.00")],
      }),
      resource: "CreditNotes",
      ledgerId: "n1",
    };
    const draft: Booked = { ...invoice({ Status: "DRAFT", InvoiceNumber: "18" }), ledgerId: "i3" };
    const walkIn = kept({ id: "i9", number: "INV-9", reference: "walk-in" });
    const { controls } = outcome([kept(), walkIn], [invoice(), note, draft]);
    expect(controls).toEqual([
      {
        date: "2026-05-04",
        currency: "GBP",
        account: "200",
        taxType: "OUTPUT2",
        postedNet: "20.00",
        ledgerNet: "30.00",
        netDifference: "10.00",
        postedTax: "4.00",
        ledgerTax: "6.00",
        taxDifference: "2.00",
      },
      expect.objectContaining({
        account: "202",
        postedNet: "4.99",
        ledgerNet: "4.99",
        netDifference: "0.00",
      }),
    ]);
  });
});

describe("a clearing account", () => {
  const entry = (date: string, cents: bigint) => ({ date, cents, reference: date });

  test("is paid out oldest first, whatever order the entries come in", () => {
    const entries = [entry("2026-05-20", 500n), entry("2026-05-07", -1_200n), entry("2026-05-01", 1_000n)];
    expect(openItems(entries, "2026-05-31")).toEqual({
      balance: "3.00",
      items: [{ date: "2026-05-20", reference: "2026-05-20", open: "3.00", ageDays: 11 }],
      overdrawn: "0.00",
    });
  });

  test("from which more went out than came in says how much", () => {
    expect(openItems([entry("2026-05-01", 1_000n), entry("2026-05-02", -1_250n)], "2026-05-31")).toEqual({
      balance: "-2.50",
      items: [],
      overdrawn: "2.50",
    });
  });
});
