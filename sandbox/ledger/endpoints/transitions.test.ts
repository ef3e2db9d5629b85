import { describe, expect, test } from "vitest";
import {
  type Body,
  LINE,
  madeBankTransaction,
  madeCreditNote,
  madeInvoice,
  messagesOf,
  openTestLedger,
  paid,
  saved,
  type TestLedger,
} from "../testing.ts";

/** facts/xero.md section 4: which status of which document may become which. */

type Kind = {
  plural: string;
  idName: string;
  noun: string;
  /** By status: what it may become. Every other pair must be refused. */
  moves: Readonly<Record<string, readonly string[]>>;
  statuses: readonly string[];
  make(ledger: TestLedger, status: string): Body;
};

const TRADE_MOVES = {
  DRAFT: ["DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"],
  SUBMITTED: ["SUBMITTED", "AUTHORISED", "DRAFT", "DELETED"],
  AUTHORISED: ["AUTHORISED", "VOIDED"],
  VOIDED: [],
  DELETED: [],
} as const;
const TRADE_STATUSES = ["DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED"];
const BILL = { Type: "ACCPAY", LineItems: [{ ...LINE, AccountCode: "404" }] };

/** Made in the status that it starts from, then moved to the terminal ones. */
function made(
  ledger: TestLedger,
  { plural, idName }: { plural: string; idName: string },
  status: string,
  make: (from: string) => Body,
): Body {
  if (status !== "VOIDED" && status !== "DELETED") return make(status);
  const start = make(status === "VOIDED" ? "AUTHORISED" : "DRAFT");
  return saved(ledger.call("POST", `${plural}/${start[idName]}`, { Status: status }), plural);
}

const INVOICES = { plural: "Invoices", idName: "InvoiceID", noun: "Invoice" };
const CREDIT_NOTES = { plural: "CreditNotes", idName: "CreditNoteID", noun: "Credit Note" };
const BANK = { plural: "BankTransactions", idName: "BankTransactionID", noun: "Bank Transaction" };
const JOURNALS = { plural: "ManualJournals", idName: "ManualJournalID", noun: "Manual Journal" };
const trade = { moves: TRADE_MOVES, statuses: TRADE_STATUSES };

const KINDS: readonly (readonly [string, Kind])[] = [
  [
    "a sales invoice",
    {
      ...INVOICES,
      ...trade,
      make: (ledger, status) => made(ledger, INVOICES, status, (Status) => madeInvoice(ledger, { Status })),
    },
  ],
  [
    "a bill",
    {
      ...INVOICES,
      ...trade,
      make: (ledger, status) =>
        made(ledger, INVOICES, status, (Status) => madeInvoice(ledger, { ...BILL, Status })),
    },
  ],
  [
    "a credit note",
    {
      ...CREDIT_NOTES,
      ...trade,
      make: (ledger, status) =>
        made(ledger, CREDIT_NOTES, status, (Status) => madeCreditNote(ledger, { Status })),
    },
  ],
  [
    "a bank transaction",
    {
      ...BANK,
      moves: { AUTHORISED: ["AUTHORISED", "DELETED", "VOIDED"], DELETED: [], VOIDED: [] },
      statuses: TRADE_STATUSES,
      make(ledger, Status) {
        const transaction = madeBankTransaction(ledger);
        if (Status === "AUTHORISED") return transaction;
        const path = `BankTransactions/${transaction.BankTransactionID}`;
        return saved(ledger.call("POST", path, { Status }), "BankTransactions");
      },
    },
  ],
  [
    "a manual journal",
    {
      ...JOURNALS,
      moves: { DRAFT: ["DRAFT", "POSTED", "DELETED"], POSTED: ["POSTED", "VOIDED"], DELETED: [], VOIDED: [] },
      statuses: ["DRAFT", "POSTED", "DELETED", "VOIDED", "ARCHIVED"],
      make: (ledger, status) => {
        const start = status === "VOIDED" || status === "POSTED" ? "POSTED" : "DRAFT";
        const journal = saved(ledger.call("PUT", "ManualJournals", journalOf(start)), "ManualJournals");
        if (status === start) return journal;
        const path = `ManualJournals/${journal.ManualJournalID}`;
        return saved(ledger.call("POST", path, { Status: status }), "ManualJournals");
      },
    },
  ],
];

const journalOf = (Status: string) => ({
  Narration: "Fees",
  Status,
  JournalLines: [
    { LineAmount: 100, AccountCode: "404" },
    { LineAmount: -100, AccountCode: "605" },
  ],
});

describe.each(KINDS)("%s", (_name, { plural, idName, noun, moves, statuses, make }) => {
  const pairs = Object.keys(moves).flatMap((from) => statuses.map((to) => [from, to] as const));

  test.each(pairs)("from %s to %s", (from, to) => {
    const ledger = openTestLedger();
    const path = `${plural}/${make(ledger, from)[idName]}`;
    const answer = ledger.call("POST", path, { Status: to });
    if (moves[from]?.includes(to) === true) {
      expect(answer.status).toBe(200);
      expect(answer.body[plural][0].Status).toBe(to);
      return;
    }
    expect(answer.status).toBe(400);
    expect(messagesOf(answer.body)).toEqual([`${noun} not of valid status for modification`]);
    expect(ledger.call("GET", path).body[plural][0].Status).toBe(from);
  });
});

describe("created", () => {
  test.each(["PAID", "VOIDED", "DELETED"])("as %s it is refused", (Status) => {
    const ledger = openTestLedger();
    for (const [plural, Type, noun] of [
      ["Invoices", "ACCREC", "Invoice"],
      ["CreditNotes", "ACCRECCREDIT", "Credit Note"],
    ] as const) {
      const document = { Type, Status, Contact: { ContactID: ledger.contactId }, LineItems: [LINE] };
      const { status, body } = ledger.call("PUT", plural, document);
      expect(status).toBe(400);
      expect(messagesOf(body)).toEqual([`${noun} not of valid status for creation`]);
    }
  });

  test("without a status it is a draft, with a type and a contact alone", () => {
    const ledger = openTestLedger();
    const bare = { Type: "ACCREC", Contact: { ContactID: ledger.contactId } };
    expect(saved(ledger.call("PUT", "Invoices", bare), "Invoices")).toMatchObject({
      Status: "DRAFT",
      Total: 0,
      LineItems: [],
    });
  });

  test.each(["DRAFT", "VOIDED", "DELETED"])("a bank transaction is never %s", (Status) => {
    const ledger = openTestLedger();
    expect(() => madeBankTransaction(ledger, { Status })).toThrow("not of valid status for creation");
  });
});

describe("what is paid", () => {
  test.each(["DRAFT", "SUBMITTED", "AUTHORISED", "VOIDED", "DELETED"])("cannot be made %s", (Status) => {
    const ledger = openTestLedger();
    const invoice = madeInvoice(ledger);
    paid(ledger, invoice, 120);
    const { status, body } = ledger.call("POST", `Invoices/${invoice.InvoiceID}`, { Status });
    expect(status).toBe(400);
    expect(messagesOf(body)).toEqual([
      `The status ${Status} cannot be applied to the invoice because it has payment or Credit notes allocated to it.`,
    ]);
  });

  test("is open again when its payment is deleted, and can be voided then", () => {
    const ledger = openTestLedger();
    const invoice = madeInvoice(ledger);
    const { PaymentID } = paid(ledger, invoice, 120);
    ledger.call("POST", `Payments/${PaymentID}`, { Status: "DELETED" });
    const { body } = ledger.call("POST", `Invoices/${invoice.InvoiceID}`, { Status: "VOIDED" });
    expect(body.Invoices[0]).toMatchObject({ Status: "VOIDED", AmountDue: 0, AmountPaid: 0 });
  });
});

describe("a payment", () => {
  test.each([{ Status: "AUTHORISED" }, { Amount: 5 }, { Reference: "x" }])(
    "cannot be modified: %o",
    (changes) => {
      const ledger = openTestLedger();
      const { PaymentID } = paid(ledger, madeInvoice(ledger), 20);
      const { status, body } = ledger.call("POST", `Payments/${PaymentID}`, changes);
      expect(status).toBe(400);
      expect(messagesOf(body)).toEqual(["Payment not of valid status for modification"]);
    },
  );

  test("of a batch is deleted with the batch, once", () => {
    const ledger = openTestLedger();
    const { InvoiceID } = madeInvoice(ledger);
    const Payments = [{ Invoice: { InvoiceID }, Amount: 120 }];
    const batch = { Account: { Code: "090" }, Date: "2026-11-22", Payments };
    const { BatchPaymentID } = saved(ledger.call("PUT", "BatchPayments", batch), "BatchPayments");
    const remove = () => ledger.call("POST", `BatchPayments/${BatchPaymentID}`, { Status: "DELETED" });
    expect(remove().body.BatchPayments[0].Status).toBe("DELETED");
    expect(messagesOf(remove().body)).toEqual(["Batch Payment not of valid status for modification"]);
  });
});
