import { parseDecimal, roundTo } from "../wire/decimal.ts";
import { effectiveRateOf } from "./arithmetic.ts";
import { guidFrom } from "./ids.ts";
import type { Account, AccountClass, TaxComponent, TaxRate } from "./rows.ts";
import type { AccountSeed, OrgSeed, TaxRateSeed } from "./scenario.ts";

/** The chart of accounts and the tax rates an organisation starts with. */

const CLASS_OF_TYPE = {
  BANK: "ASSET",
  CURRENT: "ASSET",
  FIXED: "ASSET",
  INVENTORY: "ASSET",
  NONCURRENT: "ASSET",
  PREPAYMENT: "ASSET",
  CURRLIAB: "LIABILITY",
  LIABILITY: "LIABILITY",
  TERMLIAB: "LIABILITY",
  PAYG: "LIABILITY",
  EQUITY: "EQUITY",
  DEPRECIATN: "EXPENSE",
  DIRECTCOSTS: "EXPENSE",
  EXPENSE: "EXPENSE",
  OVERHEADS: "EXPENSE",
  OTHERINCOME: "REVENUE",
  REVENUE: "REVENUE",
  SALES: "REVENUE",
} as const satisfies Readonly<Record<string, AccountClass>>;
export type AccountType = keyof typeof CLASS_OF_TYPE;
export const ACCOUNT_TYPES = Object.keys(CLASS_OF_TYPE) as AccountType[];
export const classOf = (type: AccountType): AccountClass => CLASS_OF_TYPE[type];

type SystemSeed = readonly [systemAccount: string, code: string, name: string, type: AccountType];

/** Every organisation has these, whatever the scenario says (facts/xero.md section 4, Accounts). */
const SYSTEM_ACCOUNTS: readonly SystemSeed[] = [
  ["DEBTORS", "610", "Accounts Receivable", "CURRENT"],
  ["CREDITORS", "800", "Accounts Payable", "CURRLIAB"],
  ["UNPAIDEXPCLM", "801", "Unpaid Expense Claims", "CURRLIAB"],
  ["GST", "820", "Sales Tax", "CURRLIAB"],
  ["HISTORICAL", "840", "Historical Adjustment", "CURRLIAB"],
  ["ROUNDING", "860", "Rounding", "CURRLIAB"],
  ["TRACKINGTRANSFERS", "877", "Tracking Transfers", "CURRLIAB"],
  ["RETAINEDEARNINGS", "960", "Retained Earnings", "EQUITY"],
  ["UNREALISEDCURRENCYGAIN", "497", "Unrealised Currency Gains", "EXPENSE"],
  ["BANKCURRENCYGAIN", "498", "Bank Revaluations", "EXPENSE"],
  ["REALISEDCURRENCYGAIN", "499", "Realised Currency Gains", "EXPENSE"],
];

export function accountsOf(org: OrgSeed, rates: readonly TaxRate[], nowMs: number): Account[] {
  const seeds: AccountSeed[] = [...org.accounts];
  const taken = new Set(seeds.map((seed) => seed.code));
  for (const [systemAccount, code, name, type] of SYSTEM_ACCOUNTS) {
    if (seeds.some((seed) => seed.systemAccount === systemAccount)) continue;
    const free = freeCode(code, taken);
    taken.add(free);
    seeds.push({ code: free, name, type, systemAccount, enablePayments: false, status: "ACTIVE" });
  }
  return seeds.map((seed) => accountOf(seed, org, rates, nowMs));
}

function freeCode(code: string, taken: ReadonlySet<string>): string {
  let candidate = Number(code);
  while (taken.has(String(candidate))) candidate += 1;
  return String(candidate);
}

function accountOf(seed: AccountSeed, org: OrgSeed, rates: readonly TaxRate[], nowMs: number): Account {
  return {
    id: guidFrom("account", org.country, seed.code === "" ? seed.name : seed.code),
    code: seed.code,
    name: seed.name,
    type: seed.type,
    status: seed.status,
    taxType: seed.taxType ?? defaultTaxType(classOf(seed.type), seed.type, org.country, rates),
    enablePayments: seed.enablePayments,
    showInExpenseClaims: false,
    updatedMs: nowMs,
    ...(seed.description === undefined ? {} : { description: seed.description }),
    ...(seed.systemAccount === null ? {} : { systemAccount: seed.systemAccount }),
    ...(seed.type === "BANK"
      ? {
          bankAccountNumber: seed.bankAccountNumber ?? "",
          bankAccountType: seed.bankAccountType ?? "BANK",
          currencyCode: seed.currencyCode ?? org.baseCurrency,
        }
      : {}),
  };
}

const USUAL_RATE: Readonly<Record<string, { sales: string; purchases: string; none: string }>> = {
  GB: { sales: "OUTPUT2", purchases: "INPUT2", none: "NONE" },
  NZ: { sales: "OUTPUT2", purchases: "INPUT2", none: "NONE" },
  AU: { sales: "OUTPUT", purchases: "INPUT", none: "BASEXCLUDED" },
  SG: { sales: "OUTPUTY24", purchases: "INPUTY24", none: "NONE" },
};
const USUAL_ELSEWHERE = { sales: "OUTPUT", purchases: "INPUT", none: "NONE" };
const usualRates = (country: string) => USUAL_RATE[country] ?? USUAL_ELSEWHERE;

/** The tax-free type of a country; lines of documents without tax carry it. */
export const taxFreeType = (country: string): string => usualRates(country).none;

/** What a new account's lines default to: facts/xero.md section 4, TaxRates, "Sales defaults". */
export function defaultTaxType(
  accountClass: AccountClass,
  type: AccountType,
  country: string,
  rates: readonly TaxRate[],
): string {
  const usual = usualRates(country);
  const isSales = accountClass === "REVENUE";
  if (!isSales && (accountClass !== "EXPENSE" || type === "DEPRECIATN")) return usual.none;
  const wanted = isSales ? usual.sales : usual.purchases;
  if (rates.some((rate) => rate.taxType === wanted)) return wanted;
  const applies = rates.find(
    (rate) => rate.status === "ACTIVE" && rate.effectiveRate > 0n && rate.appliesTo[accountClass],
  );
  return applies?.taxType ?? usual.none;
}

const COUNTRY_RATES: Readonly<
  Record<string, readonly (readonly [taxType: string, name: string, rate: string])[]>
> = {
  GB: [
    ["OUTPUT2", "20% (VAT on Income)", "20"],
    ["INPUT2", "20% (VAT on Expenses)", "20"],
    ["RROUTPUT", "5% (VAT on Income)", "5"],
    ["RRINPUT", "5% (VAT on Expenses)", "5"],
    ["ZERORATEDOUTPUT", "Zero Rated Income", "0"],
    ["ZERORATEDINPUT", "Zero Rated Expenses", "0"],
    ["EXEMPTOUTPUT", "Exempt Income", "0"],
    ["EXEMPTINPUT", "Exempt Expenses", "0"],
    ["NONE", "No VAT", "0"],
  ],
  NZ: [
    ["OUTPUT2", "15% GST on Income", "15"],
    ["INPUT2", "15% GST on Expenses", "15"],
    ["ZERORATED", "Zero Rated", "0"],
    ["NONE", "No GST", "0"],
  ],
  AU: [
    ["OUTPUT", "GST on Income", "10"],
    ["INPUT", "GST on Expenses", "10"],
    ["EXEMPTOUTPUT", "GST Free Income", "0"],
    ["EXEMPTEXPENSES", "GST Free Expenses", "0"],
    ["EXEMPTEXPORT", "GST Free Exports", "0"],
    ["BASEXCLUDED", "BAS Excluded", "0"],
  ],
  SG: [
    ["OUTPUTY24", "Standard-Rated Supplies", "9"],
    ["INPUTY24", "Standard-Rated Purchases", "9"],
    ["ZERORATEDOUTPUT", "Zero-Rated Supplies", "0"],
    ["NONE", "No Tax", "0"],
  ],
};
const RATES_ELSEWHERE = [
  ["OUTPUT", "Tax on Sales", "0"],
  ["INPUT", "Tax on Purchases", "0"],
  ["NONE", "Tax Exempt", "0"],
] as const;

export function taxRatesOf(org: OrgSeed, nowMs: number): TaxRate[] {
  const seeds = org.taxRates.length > 0 ? [...org.taxRates] : countryRates(org.country);
  const none = taxFreeType(org.country);
  // A tax-free type exists in every organisation and cannot be deleted.
  if (!seeds.some((seed) => seed.taxType === none)) {
    seeds.push({
      taxType: none,
      name: none === "NONE" ? "No Tax" : "BAS Excluded",
      rate: "0",
      status: "ACTIVE",
    });
  }
  return seeds.map((seed) => taxRateOf(seed, org.country, nowMs));
}

const countryRates = (country: string): TaxRateSeed[] =>
  (COUNTRY_RATES[country] ?? RATES_ELSEWHERE).map(([taxType, name, rate]) => ({
    taxType,
    name,
    rate,
    status: "ACTIVE",
  }));

function taxRateOf(seed: TaxRateSeed, country: string, nowMs: number): TaxRate {
  const label = ["GB", "IE"].includes(country) ? "VAT" : ["AU", "NZ", "SG"].includes(country) ? "GST" : "Tax";
  const parts = seed.components ?? [
    { name: label, rate: seed.rate, isCompound: false, isNonRecoverable: false },
  ];
  const components: TaxComponent[] = parts.map((part) => ({ ...part, rate: percentUnits(part.rate) }));
  const sides = sidesOf(seed.taxType);
  let displayRate = 0n;
  for (const component of components) displayRate += component.rate;
  return {
    id: seed.taxType,
    taxType: seed.taxType,
    name: seed.name,
    reportTaxType: seed.reportTaxType ?? reportTypeOf(seed.taxType),
    status: seed.status,
    displayRate,
    effectiveRate: effectiveRateOf(components),
    components,
    appliesTo: {
      ASSET: seed.canApplyToAssets ?? true,
      EQUITY: seed.canApplyToEquity ?? true,
      EXPENSE: seed.canApplyToExpenses ?? sides.purchases,
      LIABILITY: seed.canApplyToLiabilities ?? true,
      REVENUE: seed.canApplyToRevenue ?? sides.sales,
    },
    isSystem: !/^TAX\d{3}$/.test(seed.taxType),
    updatedMs: nowMs,
  };
}

const percentUnits = (text: string): bigint => roundTo(parseDecimal(text) ?? { units: 0n, scale: 0 }, 4);

const SALES_TYPES = /OUTPUT|ZERORATED$|EXEMPTEXPORT|DRCHARGESUPPLY|SROVR|SRCAS|SRLVG/;
const PURCHASE_TYPES =
  /INPUT|EXPENSES|EXEMPTCAPITAL|IMPORTS|ECACQUISITIONS|REVERSECHARGES|^TXR|^IM|DRCHARGE\d|^TXCA/;

/** Revenue accounts reject INPUT-type rates and expense accounts OUTPUT-type ones (facts/xero.md section 4). */
function sidesOf(taxType: string): { sales: boolean; purchases: boolean } {
  const sales = SALES_TYPES.test(taxType);
  const purchases = PURCHASE_TYPES.test(taxType) && !sales;
  return sales || purchases ? { sales, purchases } : { sales: true, purchases: true };
}

/** TaxTypes that are no ReportTaxType (OpenAPI, TaxRate) are reported with the one of their kind. */
const REPORTED_AS: Readonly<Record<string, string>> = {
  OUTPUT2: "OUTPUT",
  OUTPUT3: "OUTPUT",
  OUTPUT4: "OUTPUT",
  INPUT2: "INPUT",
  INPUT3: "INPUT",
  INPUT4: "INPUT",
  OUTPUTY24: "OUTPUT",
  INPUTY24: "INPUT",
  RROUTPUT: "OUTPUT",
  RRINPUT: "INPUT",
  ZERORATED: "OUTPUT",
  CAPEXINPUT2: "CAPEXINPUT",
  CAPEXOUTPUT2: "CAPEXOUTPUT",
  ECZROUTPUT: "ECOUTPUT",
  ECZROUTPUTSERVICES: "ECOUTPUTSERVICES",
};

const reportTypeOf = (taxType: string): string =>
  /^TAX\d{3}$/.test(taxType) ? "OUTPUT" : (REPORTED_AS[taxType] ?? taxType);
