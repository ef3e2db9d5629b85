import fc from "fast-check";
import { type Body, invoiceOf, type TestLedger } from "../testing.ts";

/** Anything that an API client may do to the books, well formed or not; for property tests. */
const KINDS = [
  "invoice",
  "draft",
  "bill",
  "creditNote",
  "billCredit",
  "edit",
  "approve",
  "void",
  "pay",
  "refund",
  "unpay",
  "batch",
  "unbatch",
  "allocate",
  "deallocate",
  "spend",
  "ahead",
  "deleteBank",
  "stockIn",
  "stockOut",
  "sell",
  "adjust",
  "journal",
  "voidJournal",
  "contact",
  "account",
  "renameItem",
] as const;

export const operation = fc.record({
  kind: fc.constantFrom(...KINDS),
  cents: fc.integer({ min: 1, max: 99_999 }),
  quantity: fc.integer({ min: 1, max: 7 }),
  currency: fc.constantFrom("GBP", "GBP", "EUR", "JPY", "KWD"),
  rate: fc.constantFrom(undefined, 1.15, 1.17, 1.2345),
  types: fc.constantFrom("Exclusive", "Inclusive", "NoTax"),
  day: fc.integer({ min: 1, max: 24 }),
  part: fc.integer({ min: 1, max: 3 }),
  pick: fc.nat({ max: 20 }),
  side: fc.constantFrom("RECEIVE", "SPEND"),
  credit: fc.constantFrom("CreditNotes", "Overpayments", "Prepayments"),
});
export type Operation = typeof operation extends fc.Arbitrary<infer One> ? One : never;

/** Does it, and gives the status of the answer; 200 when there is nothing to do it to. */
export function perform(ledger: TestLedger, one: Operation): number {
  const request = REQUESTS[one.kind](ledger, one);
  return request === undefined ? 200 : ledger.call(...request).status;
}

type Request = [method: string, path: string, body?: unknown];
type Planner = (ledger: TestLedger, one: Operation) => Request | undefined;

const dayOf = ({ day }: Operation): string => `2026-11-${String(day).padStart(2, "0")}`;
const lineOf = (one: Operation, AccountCode: string): Record<string, unknown> => ({
  Description: "x",
  Quantity: one.quantity,
  UnitAmount: one.cents / 100,
  AccountCode,
});

function documentOf({ contactId }: TestLedger, one: Operation, changes: Record<string, unknown>): Body {
  return invoiceOf(contactId, {
    Date: dayOf(one),
    LineAmountTypes: one.types,
    CurrencyCode: one.currency,
    CurrencyRate: one.rate,
    LineItems: [lineOf(one, "200"), lineOf(one, "200")],
    ...changes,
  });
}

/** One of what a list has, by chance. */
function picked({ call }: TestLedger, path: string, where: string, { pick }: Operation): Body | undefined {
  const plural = path.split("?")[0] ?? "";
  const found = call("GET", `${path}?where=${encodeURIComponent(where)}`).body[plural];
  return found[pick % Math.max(found.length, 1)];
}

const APPROVED = 'Status=="AUTHORISED"';
const purchase = (one: Operation) => ({ LineItems: [lineOf(one, "404")] });
const share = (amount: number, part: number): number =>
  Math.max(0.01, Math.floor((amount * 100) / part) / 100);

const ID_OF: Readonly<Record<string, string>> = {
  CreditNotes: "CreditNoteID",
  Overpayments: "OverpaymentID",
  Prepayments: "PrepaymentID",
};
const stockLine = (one: Operation) => ({
  Description: "stock",
  ItemCode: codeOf(one),
  Quantity: one.quantity,
});
/** Sometimes a code that the item has no more. */
const codeOf = ({ pick }: Operation): string => (pick % 7 === 6 ? "W2" : "W1");

const REQUESTS: Readonly<Record<Operation["kind"], Planner>> = {
  invoice: (ledger, one) => ["PUT", "Invoices", documentOf(ledger, one, {})],
  draft: (ledger, one) => ["PUT", "Invoices", documentOf(ledger, one, { Status: "DRAFT" })],
  bill: (ledger, one) => ["PUT", "Invoices", documentOf(ledger, one, { Type: "ACCPAY", ...purchase(one) })],
  creditNote: (ledger, one) => ["PUT", "CreditNotes", documentOf(ledger, one, { Type: "ACCRECCREDIT" })],
  billCredit: (ledger, one) => [
    "PUT",
    "CreditNotes",
    documentOf(ledger, one, { Type: "ACCPAYCREDIT", ...purchase(one) }),
  ],
  edit(ledger, one) {
    const found = picked(ledger, "Invoices", 'Status!="DELETED"', one);
    if (found === undefined) return undefined;
    const code = found.Type === "ACCREC" ? "200" : "404";
    return ["POST", `Invoices/${found.InvoiceID}`, { LineItems: [lineOf(one, code)], Date: dayOf(one) }];
  },
  approve(ledger, one) {
    const found = picked(ledger, "Invoices", 'Status=="DRAFT"', one);
    return found && ["POST", `Invoices/${found.InvoiceID}`, { Status: "AUTHORISED" }];
  },
  void(ledger, one) {
    const plural = one.part === 1 ? "CreditNotes" : "Invoices";
    const found = picked(ledger, plural, APPROVED, one);
    return found && ["POST", `${plural}/${found.CreditNoteID ?? found.InvoiceID}`, { Status: "VOIDED" }];
  },
  pay(ledger, one) {
    const found = picked(ledger, "Invoices", APPROVED, one);
    return found && payment({ Invoice: { InvoiceID: found.InvoiceID } }, found.AmountDue, one);
  },
  refund(ledger, one) {
    const found = picked(ledger, one.credit, APPROVED, one);
    const idName = ID_OF[one.credit] ?? "";
    return (
      found && payment({ [one.credit.slice(0, -1)]: { [idName]: found[idName] } }, found.RemainingCredit, one)
    );
  },
  unpay(ledger, one) {
    const found = picked(ledger, "Payments", APPROVED, one);
    return found && ["POST", `Payments/${found.PaymentID}`, { Status: "DELETED" }];
  },
  batch(ledger, one) {
    const first = picked(ledger, "Invoices", APPROVED, one);
    const second = picked(ledger, "Invoices", APPROVED, { ...one, pick: one.pick + 1 });
    const Payments = [first, second]
      .filter((invoice) => invoice !== undefined)
      .map(({ InvoiceID, AmountDue }) => ({ Invoice: { InvoiceID }, Amount: share(AmountDue, one.part) }));
    return ["PUT", "BatchPayments", { Account: { Code: "090" }, Date: dayOf(one), Payments }];
  },
  unbatch(ledger, one) {
    const found = picked(ledger, "BatchPayments", APPROVED, one);
    return found && ["POST", `BatchPayments/${found.BatchPaymentID}`, { Status: "DELETED" }];
  },
  allocate(ledger, one) {
    const credit = picked(ledger, one.credit, APPROVED, one);
    if (credit === undefined) return undefined;
    const where = `${APPROVED} AND CurrencyCode=="${credit.CurrencyCode}"`;
    const invoice = picked(ledger, "Invoices", where, one);
    if (invoice === undefined) return undefined;
    const Amount = share(Math.min(invoice.AmountDue, credit.RemainingCredit), one.part);
    const path = `${one.credit}/${credit[ID_OF[one.credit] ?? ""]}/Allocations`;
    return ["PUT", path, { Amount, Invoice: { InvoiceID: invoice.InvoiceID } }];
  },
  deallocate(ledger, one) {
    const [found] = ledger
      .call("GET", `${one.credit}?page=1`)
      .body[one.credit].filter((credit: Body) => credit.Allocations.length > 0);
    if (found === undefined) return undefined;
    const [{ AllocationID }] = found.Allocations;
    return ["DELETE", `${one.credit}/${found[ID_OF[one.credit] ?? ""]}/Allocations/${AllocationID}`];
  },
  spend: (ledger, one) => ["PUT", "BankTransactions", bankOf(ledger, one, one.side)],
  ahead(ledger, one) {
    const part = one.part === 1 ? "OVERPAYMENT" : "PREPAYMENT";
    return ["PUT", "BankTransactions", bankOf(ledger, one, `${one.side}-${part}`)];
  },
  deleteBank(ledger, one) {
    const found = picked(ledger, "BankTransactions", APPROVED, one);
    const Status = one.part === 1 ? "VOIDED" : "DELETED";
    return found && ["POST", `BankTransactions/${found.BankTransactionID}`, { Status }];
  },
  stockIn: (ledger, one) => [
    "PUT",
    "Invoices",
    documentOf(ledger, one, { Type: "ACCPAY", LineItems: [stockLine(one), ...purchase(one).LineItems] }),
  ],
  stockOut: (ledger, one) => [
    "PUT",
    "CreditNotes",
    documentOf(ledger, one, {
      Type: one.side === "SPEND" ? "ACCPAYCREDIT" : "ACCRECCREDIT",
      LineItems: [stockLine(one)],
    }),
  ],
  sell: (ledger, one) => [
    "PUT",
    `Invoices?allowBackorders=${one.part === 1}`,
    documentOf(ledger, one, { LineItems: [stockLine(one), stockLine(one)] }),
  ],
  adjust(ledger, one) {
    const isUp = one.side === "RECEIVE";
    const value = (one.cents / 100) * one.quantity;
    const LineItems = [
      { ...stockLine(one), UnitAmount: one.cents / 100, TaxType: "NONE" },
      { Description: "adjustment", UnitAmount: -value.toFixed(2), AccountCode: "310", TaxType: "NONE" },
    ];
    const body = documentOf(ledger, one, { LineItems, Type: isUp ? "ACCPAY" : "ACCPAYCREDIT" });
    return ["PUT", isUp ? "Invoices" : "CreditNotes", body];
  },
  journal: (_ledger, one) => [
    "PUT",
    "ManualJournals",
    {
      Narration: "x",
      Status: one.part === 1 ? "DRAFT" : "POSTED",
      Date: dayOf(one),
      LineAmountTypes: one.types,
      JournalLines: [
        { LineAmount: one.cents / 100, AccountCode: "404" },
        { LineAmount: -one.cents / 100, AccountCode: one.part === 2 ? "404" : "605" },
      ],
    },
  ],
  voidJournal(ledger, one) {
    const found = picked(ledger, "ManualJournals", 'Status=="POSTED"', one);
    return found && ["POST", `ManualJournals/${found.ManualJournalID}`, { Status: "VOIDED" }];
  },
  contact: (_ledger, one) => ["PUT", "Contacts", { Name: `Contact ${one.pick}` }],
  account(ledger, one) {
    const found = picked(ledger, "Accounts", 'Type=="OVERHEADS"', one);
    const Status = one.pick % 4 === 3 ? "ARCHIVED" : "ACTIVE";
    return found && ["POST", `Accounts/${found.AccountID}`, { Status }];
  },
  renameItem: (_ledger, one) => [
    "POST",
    `Items/${codeOf(one)}`,
    { Code: codeOf(one) === "W1" ? "W2" : "W1" },
  ],
};

const payment = (what: Record<string, unknown>, open: number, one: Operation): Request => [
  "PUT",
  "Payments",
  {
    ...what,
    Account: { Code: one.pick % 3 === 0 ? "091" : "605" },
    Date: dayOf(one),
    Amount: share(open, one.part),
    CurrencyRate: one.rate,
  },
];

function bankOf({ contactId }: TestLedger, one: Operation, Type: string): Record<string, unknown> {
  return {
    Type,
    Contact: { ContactID: contactId },
    BankAccount: { Code: one.pick % 2 === 0 ? "090" : "091" },
    Date: dayOf(one),
    LineAmountTypes: one.types,
    CurrencyRate: one.rate,
    LineItems: [lineOf(one, Type.startsWith("RECEIVE") ? "200" : "404"), lineOf(one, "605")],
  };
}
