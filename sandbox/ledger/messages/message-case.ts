import { invoiceOf, LINE, openTestLedger, type TestLedger } from "../testing.ts";

/** One message of facts/xero.md section 7, a call that provokes it, and the envelope that it comes in. */
export type MessageCase = {
  number: number;
  /** As the facts quote it; the words in `variables` stand for what varies. */
  quote: string;
  variables?: Readonly<Record<string, string>>;
  /** The whole text, where the facts leave a part of it out. */
  text?: string;
  org?: Readonly<Record<string, unknown>>;
  /** Prepares the books and gives the request that is refused. */
  provoke(ledger: TestLedger): Request;
  /** `element` unless told otherwise. */
  envelope?: Envelope;
  /** The endpoint takes one element and has no summarizeErrors. */
  isSingle?: boolean;
};
export type Request = readonly [method: "PUT" | "POST", path: string, body: unknown];

/**
 * `element`: ErrorNumber 10 with Elements[].ValidationErrors, or HTTP 200 and an element of its own with
 * summarizeErrors=false; `line`: the same, but on a line alone; `warning`: saved, with Warnings; `unreadable`: ErrorNumber
 * 14 without Elements; `key`: Message alone; `whole`: the Message of ErrorNumber 10 itself.
 */
export type Envelope = "element" | "line" | "warning" | "unreadable" | "key" | "whole";

/** The quote with its variables filled in: the exact text that the ledger must answer. */
export function textOf({ quote, variables = {}, text }: MessageCase): string {
  if (text !== undefined) return text;
  return Object.entries(variables).reduce(
    (filled, [name, value]) => filled.replace(new RegExp(`\\b${name}\\b`), value),
    quote,
  );
}

export const ledgerOf = ({ org = {} }: MessageCase): TestLedger => openTestLedger(org);

export const UNKNOWN_ID = "11111111-1111-4111-8111-111111111111";

/** A new sales invoice whose only line, or whose fields, are changed as told. */
export const newInvoice =
  (changes: Record<string, unknown>, query = "") =>
  ({ contactId }: TestLedger): Request => ["PUT", `Invoices${query}`, invoiceOf(contactId, changes)];
export const withLine = (changes: Record<string, unknown>) =>
  newInvoice({ LineItems: [{ ...LINE, ...changes }] });
