import { execute, type Ledger, openLedger } from "./ledger.ts";
import type { Reply } from "./wire/envelope.ts";

/** What the tests of this folder share: a small organisation, and calls on it without HTTP. */

export const NOW = new Date("2026-11-24T10:00:00Z");

export const TEST_ORG = {
  country: "GB",
  baseCurrency: "GBP",
  currencies: ["GBP", "EUR"],
  timezone: "Europe/London",
  latencyMs: 0,
  accounts: [
    { code: "090", name: "Business Bank", type: "BANK" },
    { code: "091", name: "Euro Bank", type: "BANK", currencyCode: "EUR" },
    { code: "200", name: "Sales", type: "REVENUE" },
    { code: "260", name: "Old Sales", type: "REVENUE", status: "ARCHIVED" },
    { code: "310", name: "Cost of Goods Sold", type: "DIRECTCOSTS" },
    { code: "404", name: "Bank Fees", type: "OVERHEADS" },
    { code: "605", name: "Stripe Clearing", type: "CURRENT", enablePayments: true },
    { code: "630", name: "Inventory", type: "INVENTORY" },
  ],
  taxRates: [
    { taxType: "OUTPUT2", name: "20% (VAT on Income)", rate: 20 },
    { taxType: "INPUT2", name: "20% (VAT on Expenses)", rate: 20 },
    { taxType: "RROUTPUT", name: "5% (VAT on Income)", rate: 5 },
    { taxType: "ZERORATEDOUTPUT", name: "Zero Rated Income", rate: 0 },
    { taxType: "NONE", name: "No VAT", rate: 0 },
  ],
  tracking: [{ category: "Channel", options: ["Web", "Shop"] }],
} as const;

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as a client would, without a schema.
export type Body = any;
export type Answer = { status: number; body: Body };

export type TestLedger = {
  ledger: Ledger;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Answer;
  /** As the server does it: the memory of idempotency keys is asked first. */
  callWithKey(key: string, method: string, path: string, body?: unknown): Promise<Answer>;
  contactId: string;
};

/** `path` follows /api.xro/2.0/ and may carry a query. Rows are committed call by call, as the server does. */
export function openTestLedger(org: Record<string, unknown> = {}): TestLedger {
  const ledger = openLedger({ scenario: { org: { ...TEST_ORG, ...org } }, now: () => NOW, seed: "test" });
  const run = (method: string, path: string, body: Buffer, headers: Record<string, string> = {}): Reply => {
    const url = new URL(path, "http://ledger/");
    const reply = execute(ledger, {
      method,
      resourcePath: url.pathname.slice(1),
      query: url.searchParams,
      headers,
      body,
      clientId: "test-app",
    });
    ledger.books.commit();
    return reply;
  };
  const call: TestLedger["call"] = (method, path, body, headers) =>
    answerOf(run(method, path, bytesOf(body), headers));
  const callWithKey: TestLedger["callWithKey"] = async (key, method, path, sent) => {
    const body = bytesOf(sent);
    const answered = await ledger.answer(
      { method, url: path, body, key, clientId: "test-app" },
      async (seal) => {
        const reply = run(method, path, body);
        seal(reply);
        return reply;
      },
    );
    return answerOf(answered.reply);
  };
  const made = call("PUT", "Contacts", { Name: "Ann Lee" });
  return { ledger, call, callWithKey, contactId: made.body.Contacts[0].ContactID };
}

const bytesOf = (body: unknown): Buffer =>
  Buffer.from(typeof body === "string" ? body : JSON.stringify(body ?? {}));

function answerOf({ status, contentType, body }: Reply): Answer {
  const isJson = contentType.includes("json") && typeof body === "string";
  return { status, body: isJson ? JSON.parse(String(body)) : body };
}

export const LINE = { Description: "A thing", Quantity: 1, UnitAmount: 100, AccountCode: "200" } as const;

/** An approved sales invoice of one line; `changes` replaces what a test is about. */
export function invoiceOf(contactId: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Type: "ACCREC",
    Contact: { ContactID: contactId },
    Date: "2026-11-20",
    DueDate: "2026-12-20",
    Status: "AUTHORISED",
    LineItems: [LINE],
    ...changes,
  };
}

/** An approved sales invoice of 100.00 and tax, changed as told; throws when it is refused. */
export function madeInvoice(ledger: TestLedger, changes: Record<string, unknown> = {}): Body {
  return saved(ledger.call("PUT", "Invoices", invoiceOf(ledger.contactId, changes)), "Invoices");
}

export function madeCreditNote(ledger: TestLedger, changes: Record<string, unknown> = {}): Body {
  const note = invoiceOf(ledger.contactId, { Type: "ACCRECCREDIT", ...changes });
  return saved(ledger.call("PUT", "CreditNotes", note), "CreditNotes");
}

export const paymentOf = (invoice: Body, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  Invoice: { InvoiceID: invoice.InvoiceID },
  Account: { Code: "605" },
  Date: "2026-11-22",
  Amount: 120,
  ...changes,
});

export function paid(ledger: TestLedger, invoice: Body, Amount: number): Body {
  return saved(ledger.call("PUT", "Payments", paymentOf(invoice, { Amount })), "Payments");
}

/** The only element of an answer; throws when it is a refusal. */
export function saved({ status, body }: Answer, plural: string): Body {
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body[plural][0];
}

/** A bank transaction of 100.00 and no tax on the business bank account, changed as told. */
export function madeBankTransaction(ledger: TestLedger, changes: Record<string, unknown> = {}): Body {
  const transaction = {
    Type: "SPEND",
    Contact: { ContactID: ledger.contactId },
    BankAccount: { Code: "090" },
    Date: "2026-11-22",
    LineItems: [{ ...LINE, AccountCode: "404", TaxType: "NONE" }],
    ...changes,
  };
  return saved(ledger.call("PUT", "BankTransactions", transaction), "BankTransactions");
}

/** As the organisation's adviser sets them; days like "2026-10-31". */
export function lock(
  { ledger }: TestLedger,
  dates: { periodLockDate?: string; endOfYearLockDate?: string },
): void {
  for (const organisation of ledger.books.all("organisation"))
    ledger.books.put("organisation", { ...organisation, ...dates });
}

/** All messages of a refusal, nested ones too, as a careful client would collect them. */
export function messagesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(messagesOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "ValidationErrors" && Array.isArray(inner)
      ? inner.map((error: { Message: string }) => error.Message)
      : messagesOf(inner),
  );
}
