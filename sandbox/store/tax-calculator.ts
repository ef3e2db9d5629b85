import { round2 } from "./php.ts";
import type { AppliedRate, Rates } from "./rates.ts";

/** The three algorithms of Magento's tax/calculation/algorithm (accounting.md 1.2 point 1). */
export type Algorithm = "UNIT_BASE_CALCULATION" | "ROW_BASE_CALCULATION" | "TOTAL_BASE_CALCULATION";

export type CalculatorSettings = {
  algorithm: Algorithm;
  taxAfterDiscount: boolean;
  crossBorder: boolean;
  /** 2.4.8 rounds a taxed fixed product tax plainly before discount; older versions delta-round it. */
  fptRounding: "plain" | "delta";
};

export type Taxable = {
  code: string;
  type: "product" | "shipping" | "weee" | "wrapping";
  unitPrice: number;
  quantity: number;
  rates: Rates;
  /** The percentage at the shop's own address, which a price that includes tax contains. */
  storePercent: number;
  includesTax: boolean;
  discount: number;
  /** Tax on the original price although a custom price is charged (tax/calculation/apply_tax_on = 1). */
  priceForTax?: number;
  /** The product to which a fixed product tax or a wrapping belongs: it shares that product's rounding remainder. */
  associatedCode?: string;
};

export type AppliedTax = { step: AppliedRate; amount: number };

export type Taxed = {
  code: string;
  type: Taxable["type"];
  price: number;
  priceInclTax: number;
  rowTotal: number;
  rowTotalInclTax: number;
  rowTax: number;
  compensation: number;
  percent: number | undefined;
  applied: AppliedTax[];
  associatedCode: string | undefined;
};

type Stream = "regular" | "tax_before_discount" | "applied_tax_amount";

/** One calculator serves one collection pass in one currency: the rounding remainders live in it. */
export function taxCalculator(settings: CalculatorSettings): (taxable: Taxable) => Taxed {
  const remainders = new Map<string, number>();
  const deltaRound = (amount: number, key: string): number => {
    if (amount === 0) return 0;
    // The first remainder is not zero, so that ties always go up (accounting.md 1.2 point 1).
    const carried = amount + (remainders.get(key) ?? 0.000001);
    const rounded = round2(carried);
    remainders.set(key, carried - rounded);
    return rounded;
  };
  const context: Context = {
    settings,
    roundTax: (amount, rateKey, inclusive, stream, taxable) => {
      const owner =
        settings.algorithm === "TOTAL_BASE_CALCULATION" ? "" : (taxable.associatedCode ?? taxable.code);
      return deltaRound(amount, `${stream}/${owner}/${inclusive ? 1 : 0}/${rateKey}`);
    },
    roundApplied: (amount, rateKey) => deltaRound(amount, `applied_tax_amount//1/${rateKey}`),
  };
  return (taxable) => {
    const unit = settings.algorithm === "UNIT_BASE_CALCULATION";
    if (taxable.includesTax) return unit ? unitInclusive(taxable, context) : rowInclusive(taxable, context);
    return unit ? unitExclusive(taxable, context) : rowExclusive(taxable, context);
  };
}

type Context = {
  settings: CalculatorSettings;
  roundTax(amount: number, rateKey: string, inclusive: boolean, stream: Stream, taxable: Taxable): number;
  roundApplied(amount: number, rateKey: string): number;
};

const taxInside = (gross: number, percent: number): number => gross * (1 - 1 / (1 + percent / 100));
const taxOn = (net: number, percent: number): number => net * (percent / 100);

/** The gross unit price for this customer: the shop's tax is taken out and the customer's put in. */
function grossUnit(taxable: Taxable, settings: CalculatorSettings): number {
  // Tax per unit keeps a price of four places, the row calculators round it first (accounting.md TAX-21).
  const unit = settings.algorithm === "UNIT_BASE_CALCULATION";
  const gross = unit ? taxable.unitPrice : round2(taxable.unitPrice);
  // Cross-border trade keeps the gross price for every country; the net price varies instead.
  if (settings.crossBorder || Math.abs(taxable.rates.percent - taxable.storePercent) < 0.00001) return gross;
  const net = gross - taxInside(gross, taxable.storePercent);
  return round2(net + taxOn(net, taxable.rates.percent));
}

const beforeStream = (settings: CalculatorSettings): Stream =>
  settings.taxAfterDiscount ? "tax_before_discount" : "regular";

function unitInclusive(taxable: Taxable, { settings, roundTax, roundApplied }: Context): Taxed {
  const { percent } = taxable.rates;
  const key = String(percent);
  const priceInclTax = grossUnit(taxable, settings);
  const before = roundTax(taxInside(priceInclTax, percent), key, true, beforeStream(settings), taxable);
  const price = priceInclTax - before;
  let unitTax = before;
  let compensation = 0;
  if (settings.taxAfterDiscount) {
    const taxableUnit = Math.max(priceInclTax - taxable.discount / taxable.quantity, 0);
    unitTax = roundTax(taxInside(taxableUnit, percent), key, true, "regular", taxable);
    compensation = (before - unitTax) * taxable.quantity;
  }
  const rowTax = unitTax * taxable.quantity;
  return {
    ...identityOf(taxable),
    price,
    priceInclTax,
    rowTotal: price * taxable.quantity,
    rowTotalInclTax: priceInclTax * taxable.quantity,
    rowTax,
    compensation,
    percent,
    applied: splitInclusive(rowTax, taxable.rates, roundApplied),
  };
}

function rowInclusive(taxable: Taxable, { settings, roundTax, roundApplied }: Context): Taxed {
  const { percent } = taxable.rates;
  const key = String(percent);
  const priceInclTax = grossUnit(taxable, settings);
  const rowTotalInclTax = priceInclTax * taxable.quantity;
  let rowTax = roundTax(taxInside(rowTotalInclTax, percent), key, true, beforeStream(settings), taxable);
  const rowTotal = rowTotalInclTax - rowTax;
  let compensation = 0;
  if (settings.taxAfterDiscount) {
    const taxableRow = Math.max(rowTotalInclTax - taxable.discount, 0);
    const after = roundTax(taxInside(taxableRow, percent), key, true, "regular", taxable);
    compensation = rowTax - after;
    rowTax = after;
  }
  return {
    ...identityOf(taxable),
    price: round2(rowTotal / taxable.quantity),
    priceInclTax,
    rowTotal,
    rowTotalInclTax,
    rowTax,
    compensation,
    percent,
    applied: splitInclusive(rowTax, taxable.rates, roundApplied),
  };
}

function unitExclusive(taxable: Taxable, { settings, roundTax }: Context): Taxed {
  const price = round2(taxable.unitPrice);
  let unitTax = 0;
  let unitTaxBefore = 0;
  const applied: AppliedTax[] = [];
  for (const step of taxable.rates.steps) {
    const before = roundTax(taxOn(price, step.percent), step.id, false, beforeStream(settings), taxable);
    let after = before;
    if (settings.taxAfterDiscount) {
      const taxableUnit = Math.max(price - taxable.discount / taxable.quantity, 0);
      after = roundTax(taxOn(taxableUnit, step.percent), step.id, false, "regular", taxable);
    }
    applied.push({ step, amount: after * taxable.quantity });
    unitTax += after;
    unitTaxBefore += before;
  }
  const priceInclTax = price + unitTaxBefore;
  return {
    ...identityOf(taxable),
    price,
    priceInclTax,
    rowTotal: price * taxable.quantity,
    rowTotalInclTax: priceInclTax * taxable.quantity,
    rowTax: unitTax * taxable.quantity,
    compensation: 0,
    percent: taxable.rates.percent,
    applied,
  };
}

function rowExclusive(taxable: Taxable, { settings, roundTax }: Context): Taxed {
  const price = round2(taxable.unitPrice);
  const rowTotal = price * taxable.quantity;
  const taxBase =
    (taxable.priceForTax === undefined ? price : round2(taxable.priceForTax)) * taxable.quantity;
  let rowTax = 0;
  let rowTaxBefore = 0;
  const applied: AppliedTax[] = [];
  for (const step of taxable.rates.steps) {
    const exact = taxOn(taxBase, step.percent);
    const plain = taxable.type === "weee" && settings.fptRounding === "plain";
    const before = plain ? round2(exact) : roundTax(exact, step.id, false, beforeStream(settings), taxable);
    let after = before;
    if (settings.taxAfterDiscount) {
      const taxableRow = Math.max(taxBase - taxable.discount, 0);
      after = roundTax(taxOn(taxableRow, step.percent), step.id, false, "regular", taxable);
    }
    applied.push({ step, amount: after });
    rowTax += after;
    rowTaxBefore += before;
  }
  const rowTotalInclTax = rowTotal + rowTaxBefore;
  return {
    ...identityOf(taxable),
    price,
    priceInclTax: round2(rowTotalInclTax / taxable.quantity),
    rowTotal,
    rowTotalInclTax,
    rowTax,
    compensation: 0,
    percent: taxable.rates.percent,
    applied,
  };
}

/** With tax in the price there is one total rate; its tax is split over the rates afterwards. */
function splitInclusive(
  rowTax: number,
  rates: Rates,
  roundApplied: (amount: number, rateKey: string) => number,
): AppliedTax[] {
  const applied: AppliedTax[] = [];
  let given = 0;
  for (const step of rates.steps) {
    if (step.percent === 0) continue;
    let amount = roundApplied((rowTax / rates.percent) * step.percent, step.id);
    if (given + amount > rowTax) amount = rowTax - given;
    given += amount;
    applied.push({ step, amount });
  }
  return applied;
}

const identityOf = (taxable: Taxable): Pick<Taxed, "code" | "type" | "associatedCode"> => ({
  code: taxable.code,
  type: taxable.type,
  associatedCode: taxable.associatedCode,
});
