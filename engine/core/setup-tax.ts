/**
 * Tax types of the first spec, by the template of the organisation's region: one-stop-shop rates by country, reverse charge,
 * exports and gift cards before the domestic rates. Where two types of one percent remain, a person is asked.
 */
import type { Condition } from "./facts.ts";
import type { DecisionTable, Rule } from "./mapping.ts";
import { compareText, formatE4 } from "./money.ts";
import type { Org, StoreProfile } from "./org.ts";
import { hold, type Notes } from "./setup-notes.ts";
import { EU_COUNTRIES, salesRates, type TaxRole, type TypedRate } from "./tax-roles.ts";

export type SetupTax = {
  readonly table: DecisionTable;
  /** For lines outside of tax, e.g. rounding and gift cards; null when the organisation has no type of 0 %. */
  readonly untaxed: string | null;
};

/** Of several types of one percent, Xero's own plain ones first. */
const PLAIN = [/^OUTPUT2?$/, /^OUTPUT/, /^RROUTPUT$/];
const GIFT_CARD = "giftcard";

export function setupTax(org: Org, store: StoreProfile, notes: Notes): SetupTax {
  const rates = salesRates(org);
  const untaxed = untaxedOf(rates);
  const exempt = exemptRules(rates, store);
  const rules = [
    ...giftCardRules(untaxed),
    ...ossRules(rates),
    ...abroadRules(rates, org),
    ...exempt,
    ...domesticRules(rates, notes, exempt.length > 0),
  ];
  for (const rule of rules)
    if (rule.then.kind === "taxType")
      notes.because(`/tables/taxType/${rule.id}`, `${rule.note}: ${rule.then.taxType}`);
  return {
    table: { rules, otherwise: hold("The organisation has no tax rate for sales of this percentage.") },
    untaxed,
  };
}

const ZERO: Condition = { op: "equals", fact: "line.taxRate", value: "0.00" };

const ofRole = (rates: readonly TypedRate[], role: TaxRole["role"]): TypedRate[] =>
  rates
    .filter(({ is }) => is.role === role)
    .sort((a, b) => rankOf(a) - rankOf(b) || compareText(a.rate.taxType, b.rate.taxType));

const firstOf = (rates: readonly TypedRate[], role: TaxRole["role"]): string | undefined =>
  ofRole(rates, role)[0]?.rate.taxType;

const untaxedOf = (rates: readonly TypedRate[]): string | null =>
  firstOf(rates, "outside") ??
  firstOf(rates, "exempt") ??
  firstOf(rates, "zero") ??
  rates.find(({ rateE4 }) => rateE4 === 0n)?.rate.taxType ??
  null;

type TaxRule = { readonly id: string; readonly note: string; readonly when: readonly Condition[] };

const ruleOf = ({ id, note, when }: TaxRule, taxType: string): Rule => ({
  id,
  note,
  when: [...when],
  then: { kind: "taxType", taxType },
});

/** A gift card that is sold is a debt: outside of tax, whatever its percent says. */
const giftCardRules = (untaxed: string | null): Rule[] =>
  untaxed === null
    ? []
    : [
        ruleOf(
          {
            id: "gift-cards",
            note: "gift cards that are sold",
            when: [{ op: "is", fact: "line.productType", value: GIFT_CARD }],
          },
          untaxed,
        ),
      ];

/** TAX-08: the key is the country of the customer with the rate, never the rate alone. */
const ossRules = (rates: readonly TypedRate[]): Rule[] =>
  rates.flatMap(({ rate, rateE4, is }) =>
    is.role === "oss"
      ? [
          ruleOf(
            {
              id: `oss-${is.country.toLowerCase()}-${slugOf(rateE4)}`,
              note: `one-stop shop ${is.country} at ${percentOf(rateE4)} %`,
              when: [
                { op: "is", fact: "order.shipCountry", value: is.country },
                { op: "equals", fact: "line.taxRate", value: formatE4(rateE4) },
              ],
            },
            rate.taxType,
          ),
        ]
      : [],
  );

/** Untaxed sales abroad: reverse charge with a valid VAT number (TAX-15), held without one, exports elsewhere (TAX-06). */
function abroadRules(rates: readonly TypedRate[], { country }: Org): Rule[] {
  const exported = firstOf(rates, "export") ?? firstOf(rates, "zero");
  const away: Rule[] =
    exported === undefined
      ? []
      : [
          ruleOf(
            {
              id: "exports",
              note: "untaxed sales to other countries",
              when: [ZERO, { op: "isNot", fact: "order.shipCountry", value: country }],
            },
            exported,
          ),
        ];
  if (!EU_COUNTRIES.includes(country)) return away;
  const others = EU_COUNTRIES.filter((code) => code !== country);
  const intoEu: Condition = { op: "oneOf", fact: "order.shipCountry", values: [...others] };
  const charged = firstOf(rates, "reverseCharge");
  const business: Rule[] =
    charged === undefined
      ? []
      : [
          ruleOf(
            {
              id: "reverse-charge",
              note: "untaxed sales to EU businesses with a valid VAT number",
              when: [ZERO, intoEu, { op: "isTrue", fact: "order.vatIdValid" }],
            },
            charged,
          ),
        ];
  const unproven: Rule = {
    id: "eu-without-vat-number",
    note: "untaxed sales into the EU without a valid VAT number",
    when: [ZERO, intoEu],
    then: hold("An untaxed sale into the EU needs a valid VAT number of the customer."),
  };
  return [...business, unproven, ...away];
}

/** TAX-09, TAX-27: exempt is a reason, told by the product's or the customer's class, not by the amount. */
function exemptRules(rates: readonly TypedRate[], { taxClasses, customerGroups }: StoreProfile): Rule[] {
  const exempt = firstOf(rates, "exempt");
  if (exempt === undefined) return [];
  const isExempt = (name: string) => /exempt/i.test(name);
  const products = taxClasses.map(({ name }) => name).filter(isExempt);
  const customers = [...new Set(customerGroups.flatMap(({ taxClass }) => taxClass ?? []))].filter(isExempt);
  return [
    ...classRule("exempt-products", "products of an exempt tax class", "line.taxClass", products, exempt),
    ...classRule(
      "exempt-customers",
      "customers of an exempt tax class",
      "order.customerTaxClass",
      customers,
      exempt,
    ),
  ];
}

const classRule = (
  id: string,
  note: string,
  fact: "line.taxClass" | "order.customerTaxClass",
  values: readonly string[],
  taxType: string,
): Rule[] =>
  values.length === 0
    ? []
    : [ruleOf({ id, note, when: [ZERO, { op: "oneOf", fact, values: [...values] }] }, taxType)];

/** One rule for each percent that the organisation has for sales at home. */
function domesticRules(rates: readonly TypedRate[], notes: Notes, exemptIsTold: boolean): Rule[] {
  const taxed = ofRole(rates, "domestic");
  const byRate = new Map<bigint, TypedRate[]>();
  for (const rate of taxed) byRate.set(rate.rateE4, [...(byRate.get(rate.rateE4) ?? []), rate]);
  // Zero rated, exempt and outside of tax give the same total and a different return; where the store's classes tell exempt
  // sales apart, the rest is zero rated.
  const zero = ofRole(rates, "zero");
  const others = [...ofRole(rates, "exempt"), ...ofRole(rates, "outside")];
  const untaxed = exemptIsTold && zero.length > 0 ? zero : [...zero, ...others];
  if (untaxed.length > 0) byRate.set(0n, untaxed);
  return [...byRate]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([rateE4, candidates]) => domesticRule(rateE4, candidates, notes));
}

function domesticRule(rateE4: bigint, candidates: readonly TypedRate[], notes: Notes): Rule {
  const percent = percentOf(rateE4);
  const plain = candidates[0]?.rate.taxType ?? "";
  // Types of one percent go to different boxes of the return: only a person knows which it is.
  const chosen =
    candidates.length === 1
      ? plain
      : (notes.ask({
          id: `taxType.${percent}`,
          question: `Which tax type do sales at ${percent} % get?`,
          options: candidates.map(({ rate: { taxType, name } }) => ({
            value: taxType,
            label: `${taxType} ${name}`,
          })),
          assumed: plain,
        }) ?? plain);
  return ruleOf(
    {
      id: `rate-${slugOf(rateE4)}`,
      note: `sales taxed at ${percent} %`,
      when: [{ op: "equals", fact: "line.taxRate", value: formatE4(rateE4) }],
    },
    chosen,
  );
}

function rankOf({ rate: { taxType } }: TypedRate): number {
  const rank = PLAIN.findIndex((pattern) => pattern.test(taxType));
  return rank < 0 ? PLAIN.length : rank;
}

const percentOf = (rateE4: bigint): string => formatE4(rateE4).replace(/\.?0+$/, "");
const slugOf = (rateE4: bigint): string => percentOf(rateE4).replace(".", "-");
