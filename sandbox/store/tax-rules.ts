import type { Scenario } from "../shared/scenario.ts";
import type { Rates } from "./rates.ts";
import { combineRates, NO_TAX } from "./rates.ts";
import { regionOf } from "./regions.ts";
import type { ProductClass, StoreTaxRate } from "./shop.ts";

/** Where goods go, as far as tax looks at it; without a postcode the country or region alone decides. */
export type TaxAddress = { country: string; region?: string; postcode?: string };

/** The scenario's own tax rates. Throws an Error that names what they refer to and the scenario does not have. */
export function statedTaxRates(
  rates: NonNullable<Scenario["store"]["taxRates"]>,
  classes: readonly ProductClass[],
): StoreTaxRate[] {
  const rules = [...new Set(rates.map(({ rule }) => rule))];
  return rates.map((rate, index) => {
    const region = regionOf(rate.country, rate.region);
    if (rate.region !== undefined && region === undefined)
      throw new Error(`store.taxRates.${index}.region: ${rate.country} has no region ${rate.region} here`);
    return {
      id: index + 1,
      code: rate.code,
      country: rate.country,
      postcode: rate.postcode,
      percent: rate.rate,
      rule: rate.rule,
      priority: rules.indexOf(rate.rule),
      classIds: rate.classes.map((name) => classNamed(classes, name, index)),
      ...(region === undefined ? {} : { region }),
    };
  });
}

function classNamed(classes: readonly ProductClass[], name: string, index: number): number {
  const found = classes.find((own) => own.name === name);
  if (found === undefined)
    throw new Error(`store.taxRates.${index}.classes: store.taxClasses has no "${name}"`);
  return found.id;
}

/**
 * What a class is taxed at an address: of each rule the rate that names the place most closely applies, and rules of
 * different priorities are rounded one by one (Tax\ResourceModel\Calculation).
 */
export function ratesOfRules(rates: readonly StoreTaxRate[], to: TaxAddress, classId: number): Rates {
  const closest = new Map<string, StoreTaxRate>();
  for (const rate of rates) {
    if (!rate.classIds.includes(classId) || !covers(rate, to)) continue;
    const before = closest.get(rate.rule);
    if (before === undefined || closeness(rate) > closeness(before)) closest.set(rate.rule, rate);
  }
  if (closest.size === 0) return NO_TAX;
  return combineRates(
    [...closest.values()].map(({ code, percent, priority }) => ({
      code,
      title: code,
      percent,
      priority,
      onSubtotalOnly: priority > 0,
    })),
  );
}

/** A postcode may end in a star: "100*". */
function covers(rate: StoreTaxRate, to: TaxAddress): boolean {
  if (rate.country !== to.country) return false;
  if (rate.region !== undefined && rate.region.code !== to.region) return false;
  if (rate.postcode === "*") return true;
  const start = rate.postcode.replace(/\*$/, "");
  return start === rate.postcode ? to.postcode === start : to.postcode?.startsWith(start) === true;
}

const closeness = (rate: StoreTaxRate): number =>
  (rate.region === undefined ? 0 : 1) + (rate.postcode === "*" ? 0 : rate.postcode.length + 1);
