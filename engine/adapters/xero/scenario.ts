/**
 * The organisation's part of a scenario file (contract.md), for `plan --scenario`: the same organisation that fetchOrg reads
 * from a demo ledger of that scenario, without one. Every organisation has system accounts and a tax-free type of its own.
 */
import { z } from "zod";
import { divideHalfUp, formatE4, HUNDRED_PERCENT_E4, parseE4, sumOf } from "../../core/money.ts";
import type { Org } from "../../core/org.ts";
import { CalendarDate, Currency } from "../../core/shapes.ts";
import { sortedOrg } from "./org-lists.ts";

const Percent = z.union([z.number(), z.string()]).transform((value, context): bigint => {
  const e4 = parseE4(String(value));
  if (e4 !== undefined) return e4;
  context.addIssue({ code: "custom", message: "a percentage such as 20 was expected" });
  return z.NEVER;
});

const Account = z.object({
  code: z.string().max(10),
  name: z.string().min(1),
  type: z.string().min(1),
  enablePayments: z.boolean().default(false),
  systemAccount: z.string().nullable().default(null),
  status: z.enum(["ACTIVE", "ARCHIVED"]).default("ACTIVE"),
});

const Component = z.object({ rate: Percent, isCompound: z.boolean().default(false) });

const TaxRate = z.object({
  taxType: z.string().min(1),
  name: z.string().min(1),
  rate: Percent.default(0n),
  components: z.array(Component).optional(),
  status: z.string().default("ACTIVE"),
  canApplyToRevenue: z.boolean().optional(),
  canApplyToAssets: z.boolean().optional(),
  canApplyToEquity: z.boolean().optional(),
  canApplyToExpenses: z.boolean().optional(),
  canApplyToLiabilities: z.boolean().optional(),
});

const OrgScenario = z.object({
  country: z.string().length(2),
  baseCurrency: Currency,
  name: z.string().optional(),
  currencies: z.array(Currency).default([]),
  timezone: z.string().default("Europe/London"),
  periodLockDate: CalendarDate.nullish(),
  endOfYearLockDate: CalendarDate.nullish(),
  accounts: z.array(Account),
  taxRates: z.array(TaxRate),
  tracking: z.array(z.object({ category: z.string(), options: z.array(z.string()) })).default([]),
});

/** `org` is the scenario's member of that name, as JSON. Throws a ZodError that names the field. */
export function orgOfScenario(org: unknown): Org {
  const scenario = OrgScenario.parse(org);
  return sortedOrg({
    name: scenario.name ?? `Demo Company (${scenario.country})`,
    country: scenario.country,
    baseCurrency: scenario.baseCurrency,
    currencies: [scenario.baseCurrency, ...scenario.currencies],
    timezone: scenario.timezone,
    periodLockDate: scenario.periodLockDate ?? null,
    endOfYearLockDate: scenario.endOfYearLockDate ?? null,
    accounts: withSystemAccounts(scenario.accounts).map((account) => ({
      ...account,
      code: account.code || null,
    })),
    taxRates: withTaxFree(scenario).map((rate) => ({
      taxType: rate.taxType,
      name: rate.name,
      rate: formatE4(effectiveRate(rate)),
      status: rate.status,
      appliesToRevenue: rate.canApplyToRevenue ?? isForSales(rate.taxType),
      appliesTo: {
        Assets: rate.canApplyToAssets ?? true,
        Equity: rate.canApplyToEquity ?? true,
        Expenses: rate.canApplyToExpenses ?? isForPurchases(rate.taxType),
        Liabilities: rate.canApplyToLiabilities ?? true,
      },
    })),
    tracking: scenario.tracking.map(({ category, options }) => ({ name: category, options })),
  });
}

type AccountSeed = z.infer<typeof Account>;
type TaxRateSeed = z.infer<typeof TaxRate>;

/** facts/xero.md section 4, Accounts: what every organisation has; a taken code moves up to the next free one. */
const SYSTEM_ACCOUNTS: readonly (readonly [
  systemAccount: string,
  code: number,
  name: string,
  type: string,
])[] = [
  ["DEBTORS", 610, "Accounts Receivable", "CURRENT"],
  ["CREDITORS", 800, "Accounts Payable", "CURRLIAB"],
  ["UNPAIDEXPCLM", 801, "Unpaid Expense Claims", "CURRLIAB"],
  ["GST", 820, "Sales Tax", "CURRLIAB"],
  ["HISTORICAL", 840, "Historical Adjustment", "CURRLIAB"],
  ["ROUNDING", 860, "Rounding", "CURRLIAB"],
  ["TRACKINGTRANSFERS", 877, "Tracking Transfers", "CURRLIAB"],
  ["RETAINEDEARNINGS", 960, "Retained Earnings", "EQUITY"],
  ["UNREALISEDCURRENCYGAIN", 497, "Unrealised Currency Gains", "EXPENSE"],
  ["BANKCURRENCYGAIN", 498, "Bank Revaluations", "EXPENSE"],
  ["REALISEDCURRENCYGAIN", 499, "Realised Currency Gains", "EXPENSE"],
];

function withSystemAccounts(accounts: readonly AccountSeed[]): AccountSeed[] {
  const taken = new Set(accounts.map(({ code }) => code));
  const added = SYSTEM_ACCOUNTS.filter(
    ([systemAccount]) => !accounts.some((account) => account.systemAccount === systemAccount),
  ).map(([systemAccount, usual, name, type]): AccountSeed => {
    let code = usual;
    while (taken.has(String(code))) code += 1;
    taken.add(String(code));
    return { code: String(code), name, type, systemAccount, enablePayments: false, status: "ACTIVE" };
  });
  return [...accounts, ...added];
}

/** A tax-free type is always there: NONE, in Australia BASEXCLUDED. */
function withTaxFree({ country, taxRates }: z.infer<typeof OrgScenario>): TaxRateSeed[] {
  const taxType = country === "AU" ? "BASEXCLUDED" : "NONE";
  if (taxRates.some((rate) => rate.taxType === taxType)) return taxRates;
  const name = country === "AU" ? "BAS Excluded" : "No Tax";
  return [...taxRates, { taxType, name, rate: 0n, status: "ACTIVE" }];
}

/** Compound components are taken of the price with the others on it. In ten-thousandths of a percent. */
function effectiveRate({ rate, components }: TaxRateSeed): bigint {
  if (components === undefined) return rate;
  const simple = sumOf(components.filter(({ isCompound }) => !isCompound).map((component) => component.rate));
  const compound = components
    .filter(({ isCompound }) => isCompound)
    .map((component) => divideHalfUp(component.rate * (HUNDRED_PERCENT_E4 + simple), HUNDRED_PERCENT_E4));
  return simple + sumOf(compound);
}

const SALES_TYPES = /OUTPUT|ZERORATED$|EXEMPTEXPORT|DRCHARGESUPPLY|SROVR|SRCAS|SRLVG/;
const PURCHASE_TYPES =
  /INPUT|EXPENSES|EXEMPTCAPITAL|IMPORTS|ECACQUISITIONS|REVERSECHARGES|^TXR|^IM|DRCHARGE\d|^TXCA/;

/** Revenue accounts refuse rates for purchases (facts/xero.md section 4, TaxRates); NONE and TAX001 suit both sides. */
const isForPurchases = (taxType: string): boolean =>
  PURCHASE_TYPES.test(taxType) || !SALES_TYPES.test(taxType);
const isForSales = (taxType: string): boolean => SALES_TYPES.test(taxType) || !PURCHASE_TYPES.test(taxType);
