import { execute, type Ledger, openLedger } from "./ledger.ts";

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
  call(method: string, path: string, body?: unknown): Answer;
  contactId: string;
};

/** `path` follows /api.xro/2.0/ and may carry a query. Rows are committed call by call, as the server does. */
export function openTestLedger(org: Record<string, unknown> = {}): TestLedger {
  const ledger = openLedger({ scenario: { org: { ...TEST_ORG, ...org } }, now: () => NOW, seed: "test" });
  const call = (method: string, path: string, body?: unknown): Answer => {
    const url = new URL(path, "http://ledger/");
    const reply = execute(ledger, {
      method,
      resourcePath: url.pathname.slice(1),
      query: url.searchParams,
      headers: {},
      body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body ?? {})),
      clientId: "test-app",
    });
    ledger.books.commit();
    const isJson = reply.contentType.includes("json") && typeof reply.body === "string";
    return { status: reply.status, body: isJson ? JSON.parse(String(reply.body)) : reply.body };
  };
  const made = call("PUT", "Contacts", { Name: "Ann Lee" });
  return { ledger, call, contactId: made.body.Contacts[0].ContactID };
}

/** An approved sales invoice of one line; `changes` replaces what a test is about. */
export function invoiceOf(contactId: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Type: "ACCREC",
    Contact: { ContactID: contactId },
    Date: "2026-11-20",
    DueDate: "2026-12-20",
    Status: "AUTHORISED",
    LineItems: [{ Description: "A thing", Quantity: 1, UnitAmount: 100, AccountCode: "200" }],
    ...changes,
  };
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
