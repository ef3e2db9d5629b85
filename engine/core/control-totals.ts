/** Sums of both sides by day, currency, account and tax type (facts/accounting.md REC-01), and by tax type (REC-08). */
import {
  centsOf,
  type LedgerSnapshot,
  type Lines,
  plannedLines,
  snapshotLines,
  textOf,
} from "./ledger-snapshot.ts";
import { compareText, formatCents } from "./money.ts";
import type { Org } from "./org.ts";
import type { PlannedDocument } from "./plan.ts";

/** Net is what the account was posted, credit less debit; amounts are decimal text, differences ledger less posted. */
export type Control = {
  readonly date: string;
  readonly currency: string;
  readonly account: string;
  readonly taxType: string;
  readonly postedNet: string;
  readonly ledgerNet: string;
  readonly netDifference: string;
  readonly postedTax: string;
  readonly ledgerTax: string;
  readonly taxDifference: string;
};

type Sums = { postedNet: bigint; ledgerNet: bigint; postedTax: bigint; ledgerTax: bigint };
type Document = Pick<PlannedDocument, "resource" | "body">;

export function controlTotals(
  posted: readonly Document[],
  ledger: readonly LedgerSnapshot[],
  org: Org,
): Control[] {
  const sums = new Map<string, Sums>();
  const add = (
    at: { date: string; currency: string; sign: bigint },
    { lines }: Lines,
    side: "posted" | "ledger",
  ) => {
    for (const { account, taxType, netCents, taxCents } of lines) {
      const key = JSON.stringify([at.date, at.currency, account, taxType]);
      const sum = sums.get(key) ?? { postedNet: 0n, ledgerNet: 0n, postedTax: 0n, ledgerTax: 0n };
      sum[`${side}Net`] += at.sign * netCents;
      sum[`${side}Tax`] += at.sign * taxCents;
      sums.set(key, sum);
    }
  };
  for (const document of posted) {
    const [status, type] = [textOf(document.body, "Status") || "AUTHORISED", textOf(document.body, "Type")];
    if (!POSTS.includes(status)) continue;
    const currency = textOf(document.body, "CurrencyCode") || org.baseCurrency;
    add(
      { date: textOf(document.body, "Date"), currency, sign: signOf(type) },
      plannedLines(document, org),
      "posted",
    );
  }
  for (const document of ledger) {
    if (!POSTS.includes(document.status)) continue;
    const { date, currency, type } = document;
    add(
      { date: date ?? "", currency: currency ?? org.baseCurrency, sign: signOf(type) },
      snapshotLines(document),
      "ledger",
    );
  }
  return [...sums].sort(([a], [b]) => compareText(a, b)).map(controlOf);
}

export type TaxTotal = Pick<
  Control,
  "currency" | "taxType" | "postedNet" | "ledgerNet" | "postedTax" | "ledgerTax" | "taxDifference"
>;

/** What a return of the period states for each tax type: net and tax, of both sides. */
export function taxTotals(
  controls: readonly Control[],
  { from, to }: { readonly from: string; readonly to: string },
): TaxTotal[] {
  const sums = new Map<string, Sums>();
  for (const control of controls) {
    if (control.date < from || control.date > to) continue;
    const key = JSON.stringify(["", control.currency, "", control.taxType]);
    const sum = sums.get(key) ?? { postedNet: 0n, ledgerNet: 0n, postedTax: 0n, ledgerTax: 0n };
    for (const side of ["postedNet", "ledgerNet", "postedTax", "ledgerTax"] as const)
      sum[side] += centsOf(control[side]);
    sums.set(key, sum);
  }
  return [...sums]
    .sort(([a], [b]) => compareText(a, b))
    .map((entry) => {
      const { date: _, account: __, netDifference: ___, ...total } = controlOf(entry);
      return total;
    });
}

/** Only these are in the general ledger; drafts and what was voided are not. */
const POSTS: readonly string[] = ["AUTHORISED", "PAID"];

/** Sales and money received add to an account's credit; what gives back and money spent take from it. */
const signOf = (type: string): bigint =>
  type === "ACCREC" || type.startsWith("RECEIVE") || type === "ACCPAYCREDIT" ? 1n : -1n;

function controlOf([key, { postedNet, ledgerNet, postedTax, ledgerTax }]: readonly [string, Sums]): Control {
  const [date = "", currency = "", account = "", taxType = ""] = JSON.parse(key) as string[];
  return {
    date,
    currency,
    account,
    taxType,
    postedNet: formatCents(postedNet),
    ledgerNet: formatCents(ledgerNet),
    netDifference: formatCents(ledgerNet - postedNet),
    postedTax: formatCents(postedTax),
    ledgerTax: formatCents(ledgerTax),
    taxDifference: formatCents(ledgerTax - postedTax),
  };
}
