/** Documents as they stand in the ledger, and what each of their lines posts to the general ledger. */
import { e4Of, roundToCents } from "./money.ts";
import { type Org, taxRateByType } from "./org.ts";
import type { PlannedDocument } from "./plan.ts";
import type { Json } from "./shapes.ts";
import { evaluate, type LineAmountTypes, lineCents, taxCents } from "./xero-arithmetic.ts";

/** An invoice, credit note or bank transaction of the ledger; amounts are decimal text. */
export type LedgerSnapshot = {
  readonly id: string;
  readonly number: string | null;
  readonly reference: string | null;
  readonly type: string;
  readonly status: string;
  readonly contactId: string | null;
  readonly date: string | null;
  readonly currency: string | null;
  readonly total: string | null;
  readonly totalTax: string | null;
  readonly lineAmountTypes?: string | null;
  readonly lines: readonly {
    readonly lineAmount: string;
    readonly taxAmount: string;
    readonly accountCode: string | null;
    readonly taxType: string | null;
  }[];
  readonly payments: readonly {
    readonly id: string;
    readonly date: string;
    readonly amount: string;
    readonly reference: string | null;
    readonly status: string | null;
  }[];
};

/** A line in cents: its amount as written, its tax, and what its account is posted. */
export type PostedLine = {
  readonly account: string;
  readonly taxType: string;
  readonly amountCents: bigint;
  readonly taxCents: bigint;
  readonly netCents: bigint;
};

export type Lines = {
  readonly mode: LineAmountTypes;
  readonly lines: readonly PostedLine[];
  readonly totalCents: bigint;
  readonly taxCents: bigint;
};

/** What the ledger makes of a body: taxes that it does not state are computed (facts/xero.md section 5). */
export function plannedLines({ body }: Pick<PlannedDocument, "body">, org: Org): Lines {
  const mode = modeOf(textOf(body, "LineAmountTypes"));
  const items = Array.isArray(body.LineItems) ? body.LineItems : [];
  const lines = items.map((item): PostedLine => {
    const [amountCents, stated] = [amountOf(item), textOf(item, "TaxAmount")];
    const taxType = textOf(item, "TaxType");
    const rateE4 = e4Of(taxRateByType(org, taxType)?.rate ?? "0");
    const tax = stated === "" ? taxCents(amountCents, rateE4, mode) : centsOf(stated);
    return lineOf(mode, { account: textOf(item, "AccountCode"), taxType, amountCents, taxCents: tax });
  });
  return { mode, lines, ...evaluate(lines, mode) };
}

export function snapshotLines(document: LedgerSnapshot): Lines {
  const mode = modeOf(document.lineAmountTypes ?? "Inclusive");
  const lines = document.lines.map((line) =>
    lineOf(mode, {
      account: line.accountCode ?? "",
      taxType: line.taxType ?? "",
      amountCents: centsOf(line.lineAmount),
      taxCents: centsOf(line.taxAmount),
    }),
  );
  return { mode, lines, ...evaluate(lines, mode) };
}

/** A body may leave the amount of a line to the ledger. */
const amountOf = (item: Json): bigint =>
  textOf(item, "LineAmount") === ""
    ? lineCents(e4Of(textOf(item, "Quantity") || "1"), e4Of(textOf(item, "UnitAmount") || "0"))
    : centsOf(textOf(item, "LineAmount"));

export const centsOf = (text: string): bigint => (text === "" ? 0n : roundToCents(e4Of(text)));

export function textOf(node: Json | undefined, key: string): string {
  const value = node !== null && typeof node === "object" && !Array.isArray(node) ? node[key] : undefined;
  return typeof value === "string" ? value : "";
}

const lineOf = (mode: LineAmountTypes, line: Omit<PostedLine, "netCents">): PostedLine => ({
  ...line,
  netCents: mode === "Inclusive" ? line.amountCents - line.taxCents : line.amountCents,
});

/** The ledger takes any spelling, and NoTax where nothing else is said of a line without tax. */
const modeOf = (text: string): LineAmountTypes =>
  text.toLowerCase() === "exclusive" ? "Exclusive" : text.toLowerCase() === "notax" ? "NoTax" : "Inclusive";
