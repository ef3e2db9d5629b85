/**
 * Step 1 and 2 of the line algorithm (facts/accounting.md 4.2): what the order is made of, and the total that the
 * document must have. Components sum to the store's grand total, or the order is held with the part that is unexplained.
 */
import type { Held } from "./hold.ts";
import { absOf, e4Of, formatE4, parseE4, roundToCents, sumOf } from "./money.ts";
import { err, ok, type Result } from "./result.ts";
import type { CanonicalSale, SaleFee, SaleLine, SaleShipping } from "./sale.ts";
import { pointerOf } from "./shapes.ts";
import { taxCents } from "./xero-arithmetic.ts";

export type Component = {
  readonly key: string;
  readonly kind: "item" | "fixedTax" | "shipping" | "fee" | "rounding";
  /** JSON Pointer of its part of the sale. */
  readonly path: string;
  readonly index: number;
  readonly quantityE4: bigint;
  readonly grossE4: bigint;
  readonly taxE4: bigint;
  /** Without tax, before discount; with `grossE4` it gives the discount as a line of its own. */
  readonly listNetE4: bigint;
  readonly discounted: boolean;
  readonly rateE4: bigint;
};

export type Components = {
  readonly components: readonly Component[];
  readonly totalCents: bigint;
  readonly taxCents: bigint;
  /** Unnamed rest within the limit: the amount of the one rounding line, else zero. */
  readonly residualCents: bigint;
};

/** Four-decimal storage loses up to this much per component (facts/accounting.md 4.2 step 2). */
const NOISE_E4 = 3n;
const ONE_E4 = 10_000n;

export function componentsOf(sale: CanonicalSale, roundingLimit: string): Result<Components, Held> {
  const rates = ratesOf(sale);
  if (!rates.ok) return rates;
  const components = [
    ...sale.lines.flatMap((line, index) => componentsOfLine(line, index, rates.value.lines[index] ?? 0n)),
    ...(sale.shipping === null ? [] : componentOfShipping(sale.shipping, rates.value.shipping)),
    ...sale.fees.map(componentOfFee),
  ];
  const negative = components.find(({ grossE4 }) => grossE4 < -NOISE_E4);
  if (negative !== undefined) return err(negativeLine(negative));
  return withTotals(sale, components, roundingLimit);
}

function withTotals(
  sale: CanonicalSale,
  components: readonly Component[],
  roundingLimit: string,
): Result<Components, Held> {
  const targetE4 = e4Of(sale.totals.grandTotal) + sumOf(sale.tenders.map(({ amount }) => e4Of(amount)));
  if (targetE4 < 0n) return err(negativeTotal(targetE4));
  const noiseE4 = NOISE_E4 * BigInt(components.length + 1);
  const taxGapE4 = e4Of(sale.totals.tax) - sumOf(components.map(({ taxE4 }) => taxE4));
  if (absOf(taxGapE4) > noiseE4) return err(taxUnexplained(sale.totals.tax, taxGapE4));
  const residualE4 = targetE4 - sumOf(components.map(({ grossE4 }) => grossE4));
  const residualCents = absOf(residualE4) <= noiseE4 ? 0n : roundToCents(residualE4);
  if (absOf(residualE4) > noiseE4 && absOf(residualE4) > (parseE4(roundingLimit) ?? 0n)) {
    return err(unmappedTotal(residualE4, targetE4));
  }
  return ok({
    components,
    totalCents: roundToCents(targetE4),
    taxCents: roundToCents(e4Of(sale.totals.tax)),
    residualCents,
  });
}

function componentsOfLine(line: SaleLine, index: number, rateE4: bigint): Component[] {
  const path = pointerOf("lines", index);
  const quantityE4 = e4Of(line.quantity);
  const item: Component = {
    key: `item-${line.id}`,
    kind: "item",
    path,
    index,
    quantityE4,
    rateE4,
    ...chargeOf(line),
  };
  const fixedNetE4 = e4Of(line.fixedTaxNet);
  const fixedTaxE4 = e4Of(line.fixedTaxTax);
  if (fixedNetE4 === 0n && fixedTaxE4 === 0n) return [item];
  const fixedTax: Component = {
    key: `fixed-tax-${line.id}`,
    kind: "fixedTax",
    path,
    index,
    quantityE4,
    grossE4: fixedNetE4 + fixedTaxE4,
    taxE4: fixedTaxE4,
    listNetE4: fixedNetE4,
    discounted: false,
    rateE4: fixedTaxE4 === 0n ? 0n : rateE4,
  };
  return [item, fixedTax];
}

function componentOfShipping(shipping: SaleShipping, rateE4: bigint): Component[] {
  const charge = chargeOf(shipping);
  const parts = [shipping.net, shipping.tax, shipping.discount, shipping.discountTax];
  if (parts.every((amount) => e4Of(amount) === 0n)) return [];
  return [
    { key: "shipping", kind: "shipping", path: "/shipping", index: 0, quantityE4: ONE_E4, rateE4, ...charge },
  ];
}

function componentOfFee(fee: SaleFee, index: number): Component {
  const grossE4 = e4Of(fee.gross);
  const taxE4 = e4Of(fee.tax);
  return {
    key: `fee-${fee.code}-${index}`,
    kind: "fee",
    path: pointerOf("fees", index),
    index,
    quantityE4: ONE_E4,
    grossE4,
    taxE4,
    listNetE4: grossE4 - taxE4,
    discounted: false,
    rateE4: 0n,
  };
}

/** Item identity, always true in Magento (facts/accounting.md 1.2, point 4): net + tax + compensation − discount. */
function chargeOf(charge: Pick<SaleLine, "net" | "tax" | "discount" | "discountTax">) {
  const netE4 = e4Of(charge.net);
  const taxE4 = e4Of(charge.tax);
  const discountE4 = e4Of(charge.discount);
  return {
    grossE4: netE4 + taxE4 + e4Of(charge.discountTax) - discountE4,
    taxE4,
    listNetE4: netE4,
    discounted: discountE4 !== 0n,
  };
}

type Rates = { readonly lines: readonly bigint[]; readonly shipping: bigint };

/** The percent of every line and of shipping; a taxed amount whose rate the store does not say is held, never guessed. */
function ratesOf(sale: CanonicalSale): Result<Rates, Held> {
  const lines: bigint[] = [];
  for (const [index, line] of sale.lines.entries()) {
    const taxed = e4Of(line.tax) !== 0n || e4Of(line.fixedTaxTax) !== 0n;
    const rateE4 = line.taxRate === null ? (taxed ? undefined : 0n) : e4Of(line.taxRate);
    if (rateE4 === undefined) return err(rateUnknown(pointerOf("lines", index, "taxRate"), line.tax));
    if (!taxed && expectedTaxCents(line, rateE4) > 1n)
      return err(untaxed(pointerOf("lines", index, "tax"), rateE4));
    lines.push(rateE4);
  }
  if (sale.shipping === null) return ok({ lines, shipping: 0n });
  const shipping = shippingRate(sale.shipping, lines);
  return shipping === undefined
    ? err(rateUnknown("/shipping/taxRate", sale.shipping.tax))
    : ok({ lines, shipping });
}

/**
 * Shipping rarely says its rate: where it is silent, the one line rate that explains its tax within a cent is taken. A tax
 * of zero means that shipping was not taxed, whatever rates are listed for it.
 */
function shippingRate(shipping: SaleShipping, lineRates: readonly bigint[]): bigint | undefined {
  const taxE4 = e4Of(shipping.tax);
  if (taxE4 === 0n)
    return expectedTaxCents(shipping, e4Of(shipping.taxRate ?? "0")) > 1n
      ? 0n
      : e4Of(shipping.taxRate ?? "0");
  if (shipping.taxRate !== null && e4Of(shipping.taxRate) !== 0n) return e4Of(shipping.taxRate);
  const candidates = [...new Set(lineRates)].filter((rate) => rate !== 0n);
  const fitting = candidates.filter((rate) => explains(shipping, rate));
  if (fitting.length === 1) return fitting[0];
  return fitting.length === 0 && candidates.length === 1 ? candidates[0] : undefined;
}

function explains(charge: SaleShipping, rateE4: bigint): boolean {
  const tax = roundToCents(e4Of(charge.tax));
  const before = taxCents(roundToCents(e4Of(charge.net)), rateE4, "Exclusive");
  return absOf(expectedTaxCents(charge, rateE4) - tax) <= 1n || absOf(before - tax) <= 1n;
}

function expectedTaxCents(
  charge: Pick<SaleLine, "net" | "discount" | "discountTax">,
  rateE4: bigint,
): bigint {
  const baseE4 = e4Of(charge.net) - e4Of(charge.discount) + e4Of(charge.discountTax);
  return taxCents(roundToCents(baseE4), rateE4, "Exclusive");
}

const negativeLine = ({ path, grossE4 }: Component): Held => ({
  hold: "negativeLine",
  field: path,
  detail: `The line comes to ${formatE4(grossE4)}; a sold line must not be negative. Magento does this with some discount settings.`,
  action: "Check the discount and tax settings of the store and correct the order, then sync it again.",
});

const negativeTotal = (targetE4: bigint): Held => ({
  hold: "negativeTotal",
  field: "grand_total",
  detail: `The order total is ${formatE4(targetE4)}; an invoice needs a total of zero or more.`,
  action: "Book it as a credit note by hand, or correct the order in Magento.",
});

const unmappedTotal = (residualE4: bigint, targetE4: bigint): Held => ({
  hold: "unmappedTotal",
  field: "grand_total",
  detail: `Items, shipping and named totals leave ${formatE4(residualE4)} of ${formatE4(targetE4)} unexplained.`,
  action:
    "Find the module that adds this total (a fee or surcharge) and map it; it is never hidden in a rounding line.",
});

const taxUnexplained = (tax: string, gapE4: bigint): Held => ({
  hold: "totalsDiffer",
  field: "tax_amount",
  detail: `The order's tax of ${tax} differs from the sum of its parts by ${formatE4(gapE4)}.`,
  action: "Look for a total with tax of its own (gift wrap, fee) that the store does not list.",
});

const rateUnknown = (field: string, tax: string): Held => ({
  hold: "taxRateUnknown",
  field,
  detail: `Tax of ${tax} was charged, but the store does not say at which rate.`,
  action: "Check the tax rule of this order in Magento; a rate is never guessed.",
});

const untaxed = (field: string, rateE4: bigint): Held => ({
  hold: "taxDiffersFromRate",
  field,
  detail: `The store says ${formatE4(rateE4)} % but charged no tax on the line.`,
  action: "Check whether the sale is exempt; correct the tax rule in Magento or add a rule for it.",
});
