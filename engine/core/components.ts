/**
 * Step 1 and 2 of the line algorithm (facts/accounting.md 4.2): what the order is made of, and the total that the
 * document must have. Components sum to the store's grand total, or the order is held with the part that is unexplained.
 */
import { chargedCents } from "./currencies.ts";
import type { Held } from "./hold.ts";
import { absOf, compareText, e4Of, formatE4, parseE4, roundToCents, sumOf } from "./money.ts";
import { err, ok, type Result } from "./result.ts";
import type { CanonicalSale, SaleFee, SaleLine, SaleShipping } from "./sale.ts";
import { pointerOf } from "./shapes.ts";
import { type ShippingShare, shippingShares } from "./shipping-rate.ts";
import { taxFits } from "./tax-fit.ts";

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
  /** With tax, before a discount on the price with tax; absent where the discount was on the price without. */
  readonly listGrossE4?: bigint;
  readonly discounted: boolean;
  readonly rateE4: bigint;
  /** Codes of the taxes that the store applied to it. */
  readonly taxCodes: readonly string[];
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

/** `base` is the pointer of the part of the order that `sale` stands for: empty for the whole. */
export function componentsOf(
  sale: CanonicalSale,
  roundingLimit: string,
  base = "",
): Result<Components, Held> {
  const rates = ratesOf(sale);
  if (!rates.ok) return rates;
  const components = [
    ...sale.lines.flatMap((line, index) => componentsOfLine(line, index, rates.value.lines[index] ?? 0n)),
    ...(sale.shipping === null ? [] : componentsOfShipping(sale.shipping, rates.value.shipping)),
    ...sale.fees.map(componentOfFee),
  ].map((component) => ({ ...component, path: base + component.path }));
  const negative = components.find(({ grossE4 }) => grossE4 < -NOISE_E4);
  if (negative !== undefined) return err(negativeLine(negative));
  return withTotals(sale, components, roundingLimit);
}

function withTotals(
  sale: CanonicalSale,
  listed: readonly Component[],
  roundingLimit: string,
): Result<Components, Held> {
  const targetE4 = e4Of(sale.totals.grandTotal) + sumOf(sale.tenders.map(({ amount }) => e4Of(amount)));
  if (targetE4 < 0n) return err(negativeTotal(targetE4));
  const limitE4 = parseE4(roundingLimit) ?? 0n;
  const noiseE4 = NOISE_E4 * BigInt(listed.length + 1);
  const taxGapE4 = e4Of(sale.totals.tax) - sumOf(listed.map(({ taxE4 }) => taxE4));
  const components = absOf(taxGapE4) <= noiseE4 ? listed : withTaxGap(listed, taxGapE4, limitE4);
  const hasTax = listed.some(({ taxE4 }) => taxE4 !== 0n) || roundToCents(e4Of(sale.totals.tax)) === 0n;
  if (components === undefined || !hasTax) return err(taxUnexplained(sale.totals.tax, taxGapE4));
  // Without tax on both sides: noise of the tax is settled per tax type and is no rest of the total.
  const netE4 = sumOf(components.map(({ grossE4, taxE4 }) => grossE4 - taxE4));
  const residualE4 = targetE4 - e4Of(sale.totals.tax) - netE4;
  const residualCents = absOf(residualE4) <= noiseE4 ? 0n : roundToCents(residualE4);
  // A rounding line rounds something: alone it would be an invoice of nothing.
  const isRounding = listed.length > 0 && absOf(residualE4) <= limitE4 + noiseE4;
  if (absOf(residualE4) > noiseE4 && !isRounding) return err(unmappedTotal(residualE4, targetE4));
  const totalCents = chargedCents(targetE4, sale.currency);
  return ok({
    components,
    totalCents,
    taxCents: roundToCents(e4Of(sale.totals.tax)),
    // What the currency cannot be charged in is named: it is the rounding of the charge to whole units.
    residualCents: residualCents + totalCents - roundToCents(targetE4),
  });
}

/**
 * Cents of tax that the order charged and no part lists, as Magento leaves them on fixed product taxes that it rounds twice:
 * they were charged as tax, so they go to the taxed part they most likely belong to. Beyond the limit nobody can say.
 */
function withTaxGap(
  components: readonly Component[],
  gapE4: bigint,
  limitE4: bigint,
): readonly Component[] | undefined {
  const taxed = components.filter(({ taxE4 }) => taxE4 !== 0n);
  const [first] = taxed.toSorted(
    (a, b) =>
      Number(b.kind === "fixedTax") - Number(a.kind === "fixedTax") ||
      Number(b.taxE4 - a.taxE4) ||
      compareText(a.key, b.key),
  );
  if (first === undefined || absOf(gapE4) > limitE4) return undefined;
  return components.map((component) =>
    component === first
      ? { ...component, grossE4: component.grossE4 + gapE4, taxE4: component.taxE4 + gapE4 }
      : component,
  );
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
    taxCodes: codesOf(line),
    ...chargeOf(line),
  };
  const fixedNetE4 = e4Of(line.fixedTaxNet);
  const fixedTaxE4 = e4Of(line.fixedTaxTax);
  if (fixedNetE4 === 0n && fixedTaxE4 === 0n) return [item];
  const fixedTax: Component = {
    key: `fixed-tax-${line.id}`,
    kind: "fixedTax",
    path: pointerOf("lines", index, "fixedTaxNet"),
    index,
    quantityE4,
    grossE4: fixedNetE4 + fixedTaxE4,
    taxE4: fixedTaxE4,
    listNetE4: fixedNetE4,
    discounted: false,
    rateE4: fixedTaxE4 === 0n ? 0n : rateE4,
    taxCodes: fixedTaxE4 === 0n ? [] : codesOf(line),
  };
  return [item, fixedTax];
}

const codesOf = ({ appliedTaxes }: Pick<SaleLine, "appliedTaxes">): string[] =>
  appliedTaxes.map(({ code }) => code);

/** One component, or one for each rate that shipping was split over. */
function componentsOfShipping(shipping: SaleShipping, shares: readonly ShippingShare[]): Component[] {
  const parts = [shipping.net, shipping.tax, shipping.discount, shipping.discountTax];
  if (parts.every((amount) => e4Of(amount) === 0n)) return [];
  return shares.map(({ charge, rateE4, taxCodes }, index) => ({
    key: index === 0 ? "shipping" : `shipping-${index}`,
    kind: "shipping",
    path: "/shipping",
    index: 0,
    quantityE4: ONE_E4,
    rateE4,
    taxCodes,
    ...chargeOf(charge),
  }));
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
    taxCodes: [],
  };
}

/** Item identity, always true in Magento (facts/accounting.md 1.2, point 4): net + tax + compensation − discount. */
function chargeOf(charge: Pick<SaleLine, "net" | "tax" | "discount" | "discountTax">) {
  const netE4 = e4Of(charge.net);
  const taxE4 = e4Of(charge.tax);
  const discountE4 = e4Of(charge.discount);
  const discountTaxE4 = e4Of(charge.discountTax);
  return {
    grossE4: netE4 + taxE4 + discountTaxE4 - discountE4,
    taxE4,
    listNetE4: netE4,
    ...(discountTaxE4 === 0n ? {} : { listGrossE4: netE4 + taxE4 + discountTaxE4 }),
    discounted: discountE4 !== 0n,
  };
}

type Rates = { readonly lines: readonly bigint[]; readonly shipping: readonly ShippingShare[] };

/** The percent of every line and of shipping; a taxed amount whose rate the store does not say is held, never guessed. */
function ratesOf(sale: CanonicalSale): Result<Rates, Held> {
  const lines: bigint[] = [];
  for (const [index, line] of sale.lines.entries()) {
    const taxed = e4Of(line.tax) !== 0n || e4Of(line.fixedTaxTax) !== 0n;
    const rateE4 = line.taxRate === null ? (taxed ? undefined : 0n) : e4Of(line.taxRate);
    if (rateE4 === undefined) return err(rateUnknown(pointerOf("lines", index, "taxRate"), line.tax));
    if (!lineTaxFits(line, rateE4))
      return err(taxDiffers(pointerOf("lines", index, "tax"), line.tax, rateE4));
    lines.push(rateE4);
  }
  if (sale.shipping === null) return ok({ lines, shipping: [] });
  const shares = shippingShares(sale.shipping, sale.lines, lines);
  if (shares.length === 0) return err(rateUnknown("/shipping/taxRate", sale.shipping.tax));
  const unfit = shares.find(({ charge, rateE4 }) => !taxFits(charge, rateE4, ONE_E4));
  return unfit === undefined
    ? ok({ lines, shipping: shares })
    : err(taxDiffers("/shipping/tax", sale.shipping.tax, unfit.rateE4));
}

/** Of the item, and of its fixed product tax where that is taxed. */
function lineTaxFits(line: SaleLine, rateE4: bigint): boolean {
  const quantityE4 = e4Of(line.quantity);
  if (!taxFits(line, rateE4, quantityE4)) return false;
  if (e4Of(line.fixedTaxTax) === 0n) return true;
  const fixedTax = { net: line.fixedTaxNet, tax: line.fixedTaxTax, discount: "0", discountTax: "0" };
  return taxFits(fixedTax, rateE4, quantityE4);
}

const negativeLine = ({ path, grossE4 }: Component): Held => ({
  hold: "negativeLine",
  field: path,
  detail: `The line comes to ${formatE4(grossE4)}; a sold line must not be negative. Magento does this with some discount settings.`,
  action:
    "Check three settings of the store: prices including tax (price_includes_tax), tax after discount (apply_after_discount), discount on prices including tax (discount_tax). Correct the order, then sync it again.",
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

const taxDiffers = (field: string, tax: string, rateE4: bigint): Held => ({
  hold: "taxDiffersFromRate",
  field,
  detail: `The store says ${formatE4(rateE4)} %, which does not give the tax of ${formatE4(e4Of(tax))} that it charged.`,
  action:
    "Check whether the sale is exempt or taxed in part; correct the tax rule in Magento, then sync it again.",
});
