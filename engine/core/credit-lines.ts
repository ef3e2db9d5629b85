/** Lines of a credit note: the memo's own amounts on the accounts and tax types of the invoice that it corrects. */
import { type Component, componentsOf } from "./components.ts";
import { fitToRest, lineOfOne, type Rest } from "./credit-rest.ts";
import { chargedCents, roundingLimitCents } from "./currencies.ts";
import type { Held } from "./hold.ts";
import type { BookedLine, ExtraLine, LineSettings } from "./line-shapes.ts";
import { bookLines } from "./lines.ts";
import { absOf, e4Of, formatCents, sumOf } from "./money.ts";
import type { Decided, PlanInput } from "./plan-input.ts";
import type { DecidedComponent } from "./plan-line-rules.ts";
import { type DocumentLine, type DocumentRead, feeKey, fixedTaxKey, lineKey } from "./read-document.ts";
import type { Reduction } from "./reductions.ts";
import { err, ok, type Result } from "./result.ts";
import type { CanonicalSale } from "./sale.ts";
import { evaluate, type LineAmountTypes } from "./xero-arithmetic.ts";

export type CreditInput = {
  readonly input: PlanInput;
  readonly reduction: Reduction;
  /** The invoices of the sale, those that the reduction names first. */
  readonly invoices: readonly DocumentRead[];
  readonly mode: LineAmountTypes;
  readonly rest: Rest;
  readonly isLast: boolean;
  /** Lines of the adjustments, with their tax stated. */
  readonly adjustments: readonly BookedLine[];
};

export type CreditLines = {
  readonly lines: readonly BookedLine[];
  readonly decided: readonly DecidedComponent[];
  readonly discount: Decided<"account"> | null;
  /** What the store says, in cents, with the adjustments. */
  readonly expected: { readonly totalCents: bigint; readonly taxCents: bigint };
  readonly totalCents: bigint;
  readonly taxCents: bigint;
  /** Of what the customer got back: tax that a marketplace had kept. */
  readonly withheldCents: bigint;
};

export function creditLines(credit: CreditInput): Result<CreditLines, Held> {
  const { input, reduction, invoices } = credit;
  const { spec } = input;
  const parts = componentsOf(reduction.sale, spec.settings.roundingLimit, reduction.base);
  if (!parts.ok) return err(ofReduction(reduction, parts.error));
  const invoiced = invoices.flatMap(({ lines }) => lines);
  const taxLines = invoiced.filter(({ kind }) => kind === "tax");
  const isUntaxed = taxLines.length > 0;
  const components = parts.value.components
    .filter(isSomething)
    .map((component) => (isUntaxed ? withoutTax(component) : component));
  const decided = decideAsInvoiced(components, invoiced, credit);
  if (!decided.ok) return decided;
  const withheldCents = taxLines.some(({ amountCents }) => amountCents < 0n) ? parts.value.taxCents : 0n;
  const extras = [
    ...(isUntaxed ? taxExtras(taxLines, parts.value.taxCents) : []),
    ...pointsExtras(reduction, invoiced),
  ];
  const target = {
    totalCents:
      parts.value.totalCents -
      withheldCents +
      sumOf(pointsExtras(reduction, invoiced).map(({ amountCents }) => amountCents)),
    taxCents: isUntaxed ? 0n : parts.value.taxCents,
    residualCents: parts.value.residualCents,
    extras,
  };
  const discounts = invoiced.filter(({ kind }) => kind === "discount");
  const booked = bookLines(decided.value, target, settingsOf(credit, discounts));
  if (!booked.ok) return err(ofReduction(reduction, booked.error));
  const fitted = withinRest(credit, booked.value.lines, target.totalCents);
  if (!fitted.ok) return fitted;
  const lines = [...fitted.value, ...credit.adjustments];
  const [discount] = discounts;
  const adjusted = evaluate(credit.adjustments, credit.mode);
  return ok({
    lines,
    decided: decided.value,
    discount: discount === undefined ? null : accountOf(discount),
    expected: {
      totalCents: target.totalCents + adjusted.totalCents,
      taxCents: target.taxCents + adjusted.taxCents,
    },
    ...evaluate(lines, credit.mode),
    withheldCents,
  });
}

const isSomething = ({ grossE4, taxE4, listNetE4 }: Component): boolean =>
  grossE4 !== 0n || taxE4 !== 0n || listNetE4 !== 0n;

const withoutTax = (component: Component): Component => ({
  ...component,
  grossE4: component.grossE4 - component.taxE4,
  taxE4: 0n,
});

/** Account, tax type, tracking and item of every part as its invoice line has them, whatever the mapping says now. */
function decideAsInvoiced(
  components: readonly Component[],
  invoiced: readonly DocumentLine[],
  { reduction }: CreditInput,
): Result<DecidedComponent[], Held> {
  const decided: DecidedComponent[] = [];
  for (const component of components) {
    const key = keyOf(component, reduction.sale);
    const candidates = invoiced.filter(({ kind, keys }) => kind === "part" && keys.includes(key));
    const line = candidates.find(({ rateE4 }) => rateE4 === component.rateE4) ?? candidates[0];
    if (line === undefined) return err(notInvoiced(component));
    decided.push({
      component,
      accountCode: line.accountCode,
      taxType: line.taxType,
      rateE4: line.rateE4,
      // An item of the ledger keeps its quantity, whether or not it is back in stock.
      tracked: line.itemCode !== null,
      trackingKey: JSON.stringify(line.tracking.length),
      account: line.account,
      tax: line.tax,
      tracking: line.tracking,
    });
  }
  return ok(decided);
}

function keyOf({ kind, index }: Component, sale: CanonicalSale): string {
  switch (kind) {
    case "item":
      return lineKey(sale.lines[index]?.id ?? "");
    case "fixedTax":
      return fixedTaxKey(sale.lines[index]?.id ?? "");
    case "fee":
      return feeKey(sale.fees[index]?.code ?? "");
    default:
      return kind;
  }
}

/** The tax as the invoice has it where it is no part of the lines: owed, or owed and remitted by the marketplace. */
const taxExtras = (lines: readonly DocumentLine[], taxCents: bigint): ExtraLine[] =>
  [
    lines.find(({ amountCents }) => amountCents > 0n),
    lines.find(({ amountCents }) => amountCents < 0n),
  ].flatMap((line) => {
    if (line === undefined || taxCents === 0n) return [];
    const isOwed = line.amountCents > 0n;
    const text = isOwed ? "Sales tax given back" : "Tax given back by the marketplace";
    return [extraLike(line, `tax-${isOwed}`, text, isOwed ? taxCents : -taxCents, ["/totals/tax"])];
  });

/** Points that lowered the price lower what is given back. */
function pointsExtras({ memo, base, sale }: Reduction, invoiced: readonly DocumentLine[]): ExtraLine[] {
  const line = invoiced.find(({ kind }) => kind === "points");
  if (line === undefined || memo === null) return [];
  return memo.refunds.flatMap(({ destination, amount }, index) => {
    const cents = chargedCents(e4Of(amount), sale.currency);
    return destination === "rewardPoints" && cents !== 0n
      ? [extraLike(line, "points", "Reward points", -cents, [`${base}/refunds/${index}/amount`])]
      : [];
  });
}

const extraLike = (
  { accountCode, taxType, account, tax }: DocumentLine,
  key: string,
  text: string,
  amountCents: bigint,
  inputs: readonly string[],
): ExtraLine => ({ key, text, amountCents, accountCode, taxType, account, tax, inputs });

/** Modes and shapes are the invoice's: a discount that was a line of its own is given back as one. */
function settingsOf({ input, mode }: CreditInput, discounts: readonly DocumentLine[]): LineSettings {
  const { settings } = input.spec;
  const [discount] = discounts;
  const outside = discounts.find(({ tax }) => tax.from === "spec");
  return {
    mode,
    taxAmounts: mode === "NoTax" ? "whereDifferent" : settings.taxAmounts,
    discounts: discount === undefined ? "net" : "visible",
    discountAccount: discount?.accountCode ?? null,
    discountOutside: outside !== undefined,
    zeroLines: settings.zeroLines,
    linesMax: Number(settings.linesMax),
    rounding: {
      account: settings.roundingAccount,
      taxType: outside?.taxType ?? settings.roundingTaxType,
      limit: settings.roundingLimit,
    },
  };
}

/** Cents above what an account or tax type has left go to rounding; more than that is a refund of what was never sold. */
function withinRest(
  { input, rest, mode, isLast }: CreditInput,
  lines: readonly BookedLine[],
  totalCents: bigint,
): Result<readonly BookedLine[], Held> {
  const { settings } = input.spec;
  const fitted = fitToRest({
    lines,
    rest,
    mode,
    isLast,
    statesTax: settings.taxAmounts !== "never" || mode === "NoTax",
  });
  const gap = totalCents - evaluate(fitted, mode).totalCents;
  if (isLast || gap === 0n) return ok(fitted);
  if (absOf(gap) > roundingLimitCents(settings.roundingLimit, input.sale.currency))
    return err(moreThanInvoiced(gap));
  const { roundingAccount, roundingTaxType } = settings;
  if (roundingAccount === null || roundingTaxType === null) return err(moreThanInvoiced(gap));
  const rounding = lineOfOne(gap, {
    key: "rounding",
    text: "Rounding",
    amountCents: gap,
    accountCode: roundingAccount,
    taxType: roundingTaxType,
    account: { from: "spec", path: "/settings/roundingAccount" },
    tax: { from: "spec", path: "/settings/roundingTaxType" },
    inputs: ["/totals/grandTotal"],
  });
  return ok([...fitted, rounding]);
}

const accountOf = ({ accountCode, account }: DocumentLine): Decided<"account"> => ({
  outcome: { kind: "account", code: accountCode },
  from: account,
  ruleId: account.from === "rule" ? account.ruleId : "",
});

/** Says which part of the order the hold is about. */
const ofReduction = ({ base, number }: Reduction, held: Held): Held => ({
  ...held,
  field: held.field.startsWith("/") && !held.field.startsWith(base) ? base + held.field : held.field,
  detail: `Of ${number}: ${held.detail}`,
});

const notInvoiced = ({ path }: Component): Held => ({
  hold: "overRefund",
  field: path,
  detail: "The store gave back a part of the order that is on none of its invoices.",
  action: "Check the credit memo in Magento; book it by hand if the money went out.",
});

const moreThanInvoiced = (gapCents: bigint): Held => ({
  hold: "overRefund",
  field: "total_refunded",
  detail: `The credit memos give back ${formatCents(gapCents)} more on an account or tax type than was invoiced on it.`,
  action:
    "Check the credit memos in Magento; what was given beyond the sale is goodwill, which a person books.",
});
