import {
  CENTS,
  type Decimal,
  divideRounded,
  formatPlain,
  formatUnits,
  roundTo,
  sameNumber,
  type Ties,
  UNITS,
} from "../wire/decimal.ts";
import type { LineAmountTypes } from "./rows.ts";

/** Xero's own arithmetic (facts/xero.md section 5; facts/accounting.md section 1.1). */

export type PricedLine = {
  quantity?: bigint;
  unitAmount?: bigint;
  lineAmount: bigint;
  discountRate?: bigint;
  discountAmount?: bigint;
};

export type LineSent = {
  quantity?: Decimal | undefined;
  unitAmount?: Decimal | undefined;
  lineAmount?: Decimal | undefined;
  discountRate?: Decimal | undefined;
  discountAmount?: Decimal | undefined;
};

export type Rules = { ties: Ties; unitDecimals: 2 | 4 };

const LINE_AMOUNT_MAX_CENTS = 999_999_999_999n;
const QUANTITY_LENGTH_MAX = 13;

/** Prices one line and says everything that is wrong with it; a line of only a description has no quantity. */
export function priceLine(
  sent: LineSent,
  rules: Rules,
): { line: PricedLine; errors: string[]; isSubCent: boolean } {
  const errors: string[] = [];
  const filled = fillIn(sent, rules);
  const discount = discountOf(sent, filled.gross, rules.ties, errors);
  const expected = discount.lineAmount;
  if (sent.quantity !== undefined) checkQuantity(sent.quantity, filled, errors);
  checkLineAmount(sent, filled, expected, errors);
  const isComplete = sent.quantity !== undefined && sent.unitAmount !== undefined;
  const lineAmount =
    sent.lineAmount !== undefined && !isComplete ? roundTo(sent.lineAmount, CENTS, rules.ties) : expected;
  if (lineAmount > LINE_AMOUNT_MAX_CENTS || lineAmount < -LINE_AMOUNT_MAX_CENTS) {
    errors.push(`The line amount ${formatUnits(lineAmount, CENTS)} exceeds the maximum of 9999999999.99`);
  }
  const { quantity, unitAmount } = filled;
  const line: PricedLine = {
    lineAmount,
    ...(quantity === undefined ? {} : { quantity }),
    ...(unitAmount === undefined ? {} : { unitAmount }),
    ...(discount.rate === undefined ? {} : { discountRate: discount.rate }),
    ...(discount.amount === undefined ? {} : { discountAmount: discount.amount }),
  };
  return { line, errors, isSubCent: isSubCent(sent, lineAmount, discount.rate) };
}

type Filled = { quantity?: bigint; unitAmount?: bigint; gross: bigint };

/**
 * UnitAmount is rounded to 2 decimals before it is multiplied, unless the request has unitdp=4 (section 5, rule 3);
 * Quantity has 4. One of the three may be left out ("Xero will calculate the missing amount for you", OpenAPI).
 */
function fillIn(sent: LineSent, { ties, unitDecimals }: Rules): Filled {
  const { lineAmount } = sent;
  const step = 10n ** BigInt(UNITS - unitDecimals);
  const unit =
    sent.unitAmount === undefined ? undefined : roundTo(sent.unitAmount, unitDecimals, ties) * step;
  const quantity = sent.quantity === undefined ? undefined : roundTo(sent.quantity, UNITS, ties);
  if (unit === undefined && quantity === undefined && lineAmount === undefined) return { gross: 0n };
  const one = 10_000n;
  if (lineAmount === undefined || (unit !== undefined && quantity !== undefined)) {
    const unitAmount = unit ?? 0n;
    return withGross(quantity ?? one, unitAmount, ties);
  }
  const amount = roundTo(lineAmount, CENTS, ties);
  if (quantity !== undefined && quantity !== 0n) {
    const exact = signedDivide(amount * 10n ** 6n, quantity, ties);
    return { quantity, unitAmount: divideRounded(exact, step, ties) * step, gross: amount };
  }
  if (unit !== undefined && unit !== 0n) {
    return { quantity: signedDivide(amount * 10n ** 6n, unit, ties), unitAmount: unit, gross: amount };
  }
  return { quantity: one, unitAmount: amount * 100n, gross: amount };
}

const signedDivide = (numerator: bigint, denominator: bigint, ties: Ties): bigint =>
  denominator < 0n
    ? divideRounded(-numerator, -denominator, ties)
    : divideRounded(numerator, denominator, ties);

const withGross = (quantity: bigint, unitAmount: bigint, ties: Ties): Filled => ({
  quantity,
  unitAmount,
  gross: divideRounded(quantity * unitAmount, 10n ** 6n, ties),
});

type Discounted = { lineAmount: bigint; rate?: bigint; amount?: bigint };

/**
 * A DiscountAmount is turned into a rate that keeps two decimals, so an unchanged GET and POST may move cents
 * (facts/accounting.md section 1.1, 7). A zero DiscountAmount on a negative line is refused (section 5, rule 4).
 */
function discountOf(sent: LineSent, gross: bigint, ties: Ties, errors: string[]): Discounted {
  if (sent.discountRate !== undefined) {
    const rate = roundTo(sent.discountRate, 2, ties);
    if (rate > 10_000n) errors.push(discountTooLarge(formatUnits(rate, 2)));
    const lineAmount = divideRounded(gross * (10_000n - rate), 10_000n, ties);
    return { lineAmount, rate, amount: gross - lineAmount };
  }
  if (sent.discountAmount === undefined) return { lineAmount: gross };
  const amount = roundTo(sent.discountAmount, CENTS, ties);
  const rate = gross === 0n ? 0n : signedDivide(amount * 10_000n, gross, ties);
  if (amount > gross) errors.push(discountTooLarge(formatUnits(rate, 2)));
  return { lineAmount: gross - amount, rate, amount };
}

const discountTooLarge = (rate: string): string =>
  `The discount rate '${rate}' is invalid. Discount must not be greater than the line total.`;

function checkQuantity(sent: Decimal, filled: Filled, errors: string[]): void {
  const quantity = filled.quantity ?? 0n;
  const shown = formatUnits(quantity, UNITS);
  if (quantity < 0n)
    errors.push(`The quantity value '${shown}' is invalid. Quantity must not be less than zero.`);
  if (formatPlain(sent).length > QUANTITY_LENGTH_MAX) {
    errors.push(`The quantity value '${shown}' is invalid. Quantity must not be longer than 13 characters.`);
  }
  // Zero of something that has a price is refused (section 5, rule 10).
  if (quantity === 0n && filled.unitAmount !== undefined && filled.unitAmount !== 0n) {
    errors.push(`The quantity value '${shown}' is invalid. Quantity must be greater than zero.`);
  }
}

/** A LineAmount that is sent must be Xero's own result (message 29), with the bug of a discount of 100 %. */
function checkLineAmount(sent: LineSent, filled: Filled, expected: bigint, errors: string[]): void {
  const { lineAmount } = sent;
  if (lineAmount === undefined || sent.quantity === undefined || sent.unitAmount === undefined) return;
  const isWiped = expected === 0n && filled.gross !== 0n;
  if (isWiped && lineAmount.units === 0n) {
    errors.push(lineTotalMismatch(formatUnits(-filled.gross, CENTS), "0.00"));
    return;
  }
  if (!sameNumber(lineAmount, { units: expected, scale: CENTS })) {
    errors.push(lineTotalMismatch(formatPlain(lineAmount), formatUnits(expected, CENTS)));
  }
}

const lineTotalMismatch = (sent: string, expected: string): string =>
  `The line total ${sent} does not match the expected line total ${expected}`;

/** A price that is not zero and a line total that is: refused with a misleading message (section 5, rule 4). */
function isSubCent(sent: LineSent, lineAmount: bigint, discountRate: bigint | undefined): boolean {
  if (lineAmount !== 0n || discountRate === 10_000n) return false;
  const factor = (value: Decimal | undefined): bigint => value?.units ?? 1n;
  return sent.unitAmount !== undefined && factor(sent.unitAmount) * factor(sent.quantity) !== 0n;
}

/** `rate` is 1e-4 of a percent. The base is the line total, already rounded (section 5, rule 2). */
export function taxOf(lineAmount: bigint, rate: bigint, types: LineAmountTypes, ties: Ties): bigint {
  const whole = 1_000_000n;
  switch (types) {
    case "NoTax":
      return 0n;
    case "Exclusive":
      return divideRounded(lineAmount * rate, whole, ties);
    case "Inclusive":
      return divideRounded(lineAmount * rate, whole + rate, ties);
    default:
      return types satisfies never;
  }
}

export type Totals = { subTotal: bigint; totalTax: bigint; total: bigint };

/** Tax is summed from rounded lines, never computed from the total (section 5, rule 2). */
export function totalsOf(
  lines: readonly { lineAmount: bigint; taxAmount: bigint }[],
  types: LineAmountTypes,
): Totals {
  let amount = 0n;
  let totalTax = 0n;
  for (const line of lines) {
    amount += line.lineAmount;
    totalTax += line.taxAmount;
  }
  const subTotal = types === "Inclusive" ? amount - totalTax : amount;
  return { subTotal, totalTax, total: subTotal + totalTax };
}

/** Base currency cents of a foreign amount; the rate is 1e-6 document units for one base unit. */
export const toBase = (amount: bigint, rate: bigint): bigint =>
  divideRounded(amount * 1_000_000n, rate, "up");

/** Components that compound apply to the amount with the simple ones already on it. 1e-4 of a percent. */
export function effectiveRateOf(components: readonly { rate: bigint; isCompound: boolean }[]): bigint {
  const whole = 1_000_000n;
  let simple = 0n;
  for (const { rate, isCompound } of components) if (!isCompound) simple += rate;
  let effective = simple;
  for (const { rate, isCompound } of components) {
    if (isCompound) effective += divideRounded(rate * (whole + simple), whole, "up");
  }
  return effective;
}
