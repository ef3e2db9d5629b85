/** At which rate shipping was taxed: one, or several where the store splits it over the rates of the goods. */
import {
  absOf,
  allocateParts,
  compareText,
  divideHalfUp,
  e4Of,
  formatE4,
  HUNDRED_PERCENT_E4,
  roundToCents,
  sumOf,
} from "./money.ts";
import type { SaleLine, SaleShipping } from "./sale.ts";
import { expectedTaxCents, taxFits } from "./tax-fit.ts";
import { taxCents } from "./xero-arithmetic.ts";

const ONE_E4 = 10_000n;
const HALF_CENT_E4 = 50n;

/** A part of shipping that has a rate of its own. */
export type ShippingShare = {
  readonly charge: Pick<SaleShipping, "net" | "tax" | "discount" | "discountTax">;
  readonly rateE4: bigint;
  readonly taxCodes: readonly string[];
};

/** The parts of shipping by rate; none when the store does not say at which rate it was taxed. */
export function shippingShares(
  shipping: SaleShipping,
  lines: readonly SaleLine[],
  lineRates: readonly bigint[],
): ShippingShare[] {
  const rateE4 = shippingRate(shipping, lines, lineRates);
  const isWhole = rateE4 !== undefined && taxFits(shipping, rateE4, ONE_E4);
  const split = isWhole ? undefined : splitOf(shipping);
  if (split !== undefined) return split;
  const taxCodes = shipping.appliedTaxes.map(({ code }) => code);
  return rateE4 === undefined ? [] : [{ charge: shipping, rateE4, taxCodes }];
}

/**
 * Shipping split by value: each applied tax is charged on a part of the price, told by its amount, and the parts come to the
 * price. Taxes that stack are each charged on the whole price and come to more. One part may be untaxed.
 */
function splitOf(shipping: SaleShipping): ShippingShare[] | undefined {
  const rows = shipping.appliedTaxes.map(({ code, percent, amount }) => ({
    code,
    rateE4: e4Of(percent),
    taxE4: e4Of(amount),
  }));
  const taxed = rows.filter(({ rateE4 }) => rateE4 > 0n);
  const untaxed = rows.filter(({ rateE4 }) => rateE4 === 0n);
  if (rows.length < 2 || taxed.length === 0 || untaxed.length > 1) return undefined;
  const baseE4 = e4Of(shipping.net) - e4Of(shipping.discount) + e4Of(shipping.discountTax);
  const partOf = (taxE4: bigint, rateE4: bigint) => divideHalfUp(taxE4 * HUNDRED_PERCENT_E4, rateE4);
  const partsE4 = taxed.map(({ taxE4, rateE4 }) => partOf(taxE4, rateE4));
  const slackE4 = sumOf(taxed.map(({ rateE4 }) => partOf(HALF_CENT_E4, rateE4) + 1n));
  const restE4 = baseE4 - sumOf(partsE4);
  const isExplained = untaxed.length === 1 ? restE4 > 0n : absOf(restE4) <= slackE4;
  const taxGapE4 = e4Of(shipping.tax) - sumOf(taxed.map(({ taxE4 }) => taxE4));
  if (!isExplained || absOf(taxGapE4) > HALF_CENT_E4 * BigInt(taxed.length)) return undefined;
  const weights = rows.map((row) => (row.rateE4 === 0n ? restE4 : partOf(row.taxE4, row.rateE4)));
  const shares = (amount: string) => allocateParts(e4Of(amount), weights).map(formatE4);
  const [nets, discounts, discountTaxes] = [
    shares(shipping.net),
    shares(shipping.discount),
    shares(shipping.discountTax),
  ];
  const taxes = allocateParts(
    e4Of(shipping.tax),
    rows.map(({ taxE4 }) => taxE4),
  ).map(formatE4);
  return rows.map(({ code, rateE4 }, index) => ({
    rateE4,
    taxCodes: [code],
    charge: {
      net: nets[index] ?? "0",
      tax: taxes[index] ?? "0",
      discount: discounts[index] ?? "0",
      discountTax: discountTaxes[index] ?? "0",
    },
  }));
}

/**
 * The rate of shipping: that of an item with the same applied taxes (compound rates are more than the sum of theirs), else the
 * one that is stated, else the one item rate that explains its tax within a cent. A tax of zero means that shipping was not
 * taxed, whatever rates are listed for it.
 */
function shippingRate(
  shipping: SaleShipping,
  lines: readonly SaleLine[],
  lineRates: readonly bigint[],
): bigint | undefined {
  const stated = shipping.taxRate === null ? 0n : e4Of(shipping.taxRate);
  if (e4Of(shipping.tax) === 0n) return expectedTaxCents(shipping, stated) > 1n ? 0n : stated;
  const codes = codesOf(shipping);
  const alike = lines.findIndex((line) => codes !== "" && codesOf(line) === codes && line.taxRate !== null);
  if (alike >= 0) return lineRates[alike];
  if (stated !== 0n) return compoundRate(shipping) ?? stated;
  const candidates = [...new Set(lineRates)].filter((rate) => rate !== 0n);
  const fitting = candidates.filter((rate) => explains(shipping, rate));
  if (fitting.length === 1) return fitting[0];
  const [only] = candidates;
  const isOnly = fitting.length === 0 && candidates.length === 1 && only !== undefined;
  return isOnly && taxFits(shipping, only, ONE_E4) ? only : undefined;
}

const codesOf = ({ appliedTaxes }: Pick<SaleLine, "appliedTaxes">): string =>
  appliedTaxes
    .map(({ code, percent }) => `${code}=${percent}`)
    .sort(compareText)
    .join("|");

/**
 * The rate of two taxes where the second is charged on the first as well, told by its amount; `undefined` where both are
 * charged on the price alone. The store lists percents without saying which it is.
 */
function compoundRate({ net, discount, discountTax, appliedTaxes }: SaleShipping): bigint | undefined {
  const [first, second] = appliedTaxes.map(({ percent, amount }) => ({
    rateE4: e4Of(percent),
    cents: roundToCents(e4Of(amount)),
  }));
  if (first === undefined || second === undefined || appliedTaxes.length > 2) return undefined;
  const base = roundToCents(e4Of(net) - e4Of(discount) + e4Of(discountTax));
  const plainGap = absOf(taxCents(base, second.rateE4, "Exclusive") - second.cents);
  const compoundGap = absOf(taxCents(base + first.cents, second.rateE4, "Exclusive") - second.cents);
  if (compoundGap >= plainGap) return undefined;
  return first.rateE4 + second.rateE4 + divideHalfUp(first.rateE4 * second.rateE4, HUNDRED_PERCENT_E4);
}

function explains(charge: SaleShipping, rateE4: bigint): boolean {
  const tax = roundToCents(e4Of(charge.tax));
  const before = taxCents(roundToCents(e4Of(charge.net)), rateE4, "Exclusive");
  return absOf(expectedTaxCents(charge, rateE4) - tax) <= 1n || absOf(before - tax) <= 1n;
}
