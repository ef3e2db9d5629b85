import type { Scenario } from "../shared/scenario.ts";
import type { TotalsSettings } from "./cart.ts";
import { phpRound } from "./php.ts";
import type { Rates } from "./rates.ts";
import { combineRates, NO_TAX } from "./rates.ts";
import type { Regime } from "./regimes.ts";
import { REGIMES } from "./regimes.ts";
import type { Region } from "./regions.ts";
import type { TaxAddress } from "./tax-rules.ts";
import { ratesOfRules, statedTaxRates } from "./tax-rules.ts";
import { isBefore, isLike } from "./version.ts";

/** What the scenario's org and store sections make of the demo shop. */
export type Shop = {
  /** Whose goods and people it has (sandbox/store/markets). */
  market: Scenario["store"]["market"];
  country: string;
  baseCurrency: string;
  currencies: readonly string[];
  timezone: string;
  locale: string;
  settings: TotalsSettings;
  views: readonly StoreView[];
  groups: readonly CustomerGroup[];
  productClasses: readonly ProductClass[];
  taxRates: readonly StoreTaxRate[];
  paymentMethods: readonly string[];
  commerce: boolean;
  version: string;
  pastEndRepeatsLastPage: boolean;
  bearerAllowed: boolean;
  commentStatusIgnored: boolean;
  twoFactor: boolean;
  inputLimits: boolean;
  integrationResources: readonly string[] | undefined;
  /** Countries orders go to: home first. */
  destinations: readonly string[];
};

export type StoreView = { id: number; code: string; name: string; currency: string };
export type CustomerGroup = { id: number; code: string; taxClass: CustomerClass };
export type CustomerClass = { id: number; name: string };
export type ClassKind = "standard" | "reduced" | "second" | "zero" | "clothing" | "food" | "digital";
export type ProductClass = { id: number; name: string; kind: ClassKind };
export type StoreTaxRate = {
  id: number;
  code: string;
  country: string;
  region?: Region;
  /** "*" is any. */
  postcode: string;
  percent: number;
  classIds: number[];
  rule: string;
  priority: number;
};

export const RETAIL_CLASS: CustomerClass = { id: 3, name: "Retail Customer" };
const EU = ["DE", "FR", "IE", "NL", "BE", "ES", "IT", "AT", "PL"] as const;

export function toShop(scenario: Scenario): Shop {
  const { org, store } = scenario;
  const country = org.country.toUpperCase();
  const baseCurrency = store.baseCurrency ?? org.baseCurrency;
  const pricesIncludeTax = store.pricesIncludeTax ?? !["US", "CA"].includes(country);
  const productClasses = toClasses(store.taxClasses, store.taxRates !== undefined);
  const viewList = store.storeViews ?? [{ code: "default", name: "Default Store View" }];
  const views = viewList.map((view, index) => ({
    id: index + 1,
    code: view.code,
    name: view.name ?? titleOf(view.code),
    currency: view.currency ?? baseCurrency,
  }));
  return {
    market: store.market,
    country,
    baseCurrency,
    currencies: [
      ...new Set([baseCurrency, ...views.map((view) => view.currency), ...(org.currencies ?? [])]),
    ],
    timezone: store.timezone ?? org.timezone ?? "Europe/London",
    locale: store.locale ?? `en_${country}`,
    settings: {
      algorithm: store.taxAlgorithm,
      pricesIncludeTax,
      shippingIncludesTax: store.shippingIncludesTax ?? pricesIncludeTax,
      taxAfterDiscount: store.taxAfterDiscount,
      discountOnInclusive: store.discountOnInclusive ?? pricesIncludeTax,
      crossBorder: store.crossBorder,
      fptTaxed: store.fptTaxed,
      fptInSubtotal: store.fptInSubtotal,
      fptRounding: isBefore(store.version, "2.4.8") ? "delta" : "plain",
    },
    views,
    groups: toGroups(store),
    productClasses,
    taxRates:
      store.taxRates === undefined
        ? toTaxRates(scenario, country, productClasses)
        : statedTaxRates(store.taxRates, productClasses),
    paymentMethods: store.paymentMethods,
    commerce: store.commerce,
    version: store.version,
    pastEndRepeatsLastPage: store.pastEndRepeatsLastPage ?? true,
    bearerAllowed: store.bearerAllowed ?? isBefore(store.version, "2.4.4"),
    commentStatusIgnored: store.commentStatusIgnored ?? isLike(store.version, "2.4.7"),
    twoFactor: store.twoFactor ?? !isBefore(store.version, "2.4.0"),
    inputLimits: store.inputLimits,
    integrationResources: store.integrationResources,
    destinations: [country, ...EU.filter((eu) => eu !== country), ...(country === "US" ? ["GB"] : ["US"])],
  };
}

const titleOf = (code: string): string =>
  code
    .split("_")
    .map((word) => (word.length === 2 ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1)))
    .join(" ");

/** Magento numbers its first product class 2; 3 is the customer class "Retail Customer". */
function toClasses(names: readonly string[], hasOwnRates: boolean): ProductClass[] {
  const kinds = hasOwnRates ? [...FINE_KINDS, ...USUAL_KINDS] : USUAL_KINDS;
  return names.map((name, index) => ({
    id: index === 0 ? 2 : index + 3,
    name,
    kind: kinds.find(([words]) => words.test(name))?.[1] ?? "standard",
  }));
}

const USUAL_KINDS: readonly (readonly [RegExp, ClassKind])[] = [
  [/zero|exempt|none/i, "zero"],
  [/reduc/i, "reduced"],
];

/** Kinds that only stated tax rates can tell apart. */
const FINE_KINDS: readonly (readonly [RegExp, ClassKind])[] = [
  [/gst.free/i, "zero"],
  [/second reduc/i, "second"],
  [/cloth/i, "clothing"],
  [/food|grocer/i, "food"],
  [/digital/i, "digital"],
];

/** Group 0 exists in every shop and is what guests belong to. */
function toGroups(store: Scenario["store"]): CustomerGroup[] {
  const names = [...new Set(Object.values(store.untaxedGroups))];
  const own = names.map((name, index) => ({ id: CUSTOMER_CLASSES_FROM + index, name }));
  return ["NOT LOGGED IN", ...store.customerGroups].map((code, id) => ({
    id,
    code,
    taxClass: own.find(({ name }) => name === store.untaxedGroups[code]) ?? RETAIL_CLASS,
  }));
}

/** Above the ids of the product classes. */
const CUSTOMER_CLASSES_FROM = 50;

/** Rates of the shop's tax rules: only percentages that the ledger knows, so that they can be mapped. */
function toTaxRates(scenario: Scenario, country: string, classes: readonly ProductClass[]): StoreTaxRate[] {
  const sales = scenario.org.taxRates.filter(({ taxType }) => !/INPUT|CAPEX|EXPENSE/i.test(taxType));
  const percents = [...new Set(sales.map(({ rate }) => rate).filter((rate) => rate > 0))].sort(
    (a, b) => b - a,
  );
  const home = usualPercents(country);
  const standard = home.standard.find((rate) => percents.includes(rate)) ?? percents[0] ?? 0;
  const reduced =
    home.reduced.find((rate) => percents.includes(rate)) ??
    percents.findLast((rate) => rate !== standard) ??
    standard;
  const rates: Omit<StoreTaxRate, "id">[] = [];
  const idsOf = (kind: ClassKind): number[] => classes.filter((own) => own.kind === kind).map(({ id }) => id);
  const add = (to: string, kind: ClassKind, percent: number): void => {
    if (idsOf(kind).length === 0) return;
    const place = { country: to, postcode: "*" };
    rates.push({
      code: `${to}-*-${percent}`,
      ...place,
      percent,
      classIds: idsOf(kind),
      rule: "Rule",
      priority: 0,
    });
  };
  const domestic = (EU as readonly string[]).includes(country)
    ? [country, ...EU.filter((eu) => eu !== country && !ownRates(sales, eu))]
    : [country];
  for (const to of domestic) {
    add(to, "standard", standard);
    add(to, "reduced", reduced);
    add(to, "zero", 0);
  }
  // Another country's own rates apply only where the ledger names them for that country (one-stop shop).
  for (const to of [...EU, "GB", "US"].filter((other) => other !== country)) {
    const own = ownRates(sales, to);
    if (own === undefined) continue;
    add(to, "standard", own.standard);
    add(to, "reduced", own.reduced);
  }
  return rates.map((rate, index) => ({ id: index + 1, ...rate }));
}

function usualPercents(country: string): { standard: number[]; reduced: number[] } {
  const regimes: readonly Regime[] = REGIMES.filter((regime) => regime.country === country);
  const of = (name: "Taxable Goods" | "Reduced Rate"): number[] =>
    regimes
      .map((regime) => combineRates(regime.classes[name] ?? []).percent)
      .filter((percent) => percent > 0);
  return { standard: of("Taxable Goods"), reduced: of("Reduced Rate") };
}

function ownRates(
  sales: readonly { name: string; rate: number }[],
  country: string,
): { standard: number; reduced: number } | undefined {
  const own = sales.filter(({ name, rate }) => rate > 0 && new RegExp(`\\b${country}\\b`).test(name));
  const percents = own.map(({ rate }) => rate);
  return percents.length === 0
    ? undefined
    : { standard: Math.max(...percents), reduced: Math.min(...percents) };
}

/** What a product class is taxed at an address; a group that no rule names is not taxed at all. */
export function ratesAt(shop: Shop, to: string | TaxAddress, classId: number, groupId = 0): Rates {
  const taxClass = shop.groups[groupId]?.taxClass ?? RETAIL_CLASS;
  if (taxClass !== RETAIL_CLASS) return NO_TAX;
  return ratesOfRules(shop.taxRates, typeof to === "string" ? { country: to } : to, classId);
}

/** Units of each currency for one US dollar: fixed, so that a seeded shop never changes. */
const PER_DOLLAR: Record<string, number> = {
  USD: 1,
  GBP: 0.7874,
  EUR: 0.9174,
  AUD: 1.5152,
  NZD: 1.6393,
  CAD: 1.3699,
  CHF: 0.885,
  NOK: 10.6383,
  SEK: 10.4167,
  DKK: 6.8493,
  PLN: 4,
  JPY: 149.2537,
  SGD: 1.3514,
  AED: 3.6725,
  INR: 83.4,
  UGX: 3700,
  ZAR: 18.5,
};

export function exchangeRate(scenario: Scenario, from: string, to: string): number {
  if (from === to) return 1;
  const own = scenario.store.exchangeRates[to];
  if (own !== undefined) return own;
  return phpRound((PER_DOLLAR[to] ?? 1) / (PER_DOLLAR[from] ?? 1), 4);
}
