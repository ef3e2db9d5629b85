/**
 * What an organisation's tax types are for (facts/accounting.md section 0, "Tax roles"): read from Xero's own codes and from
 * the names that people give. Equal percents have different roles, and only the role makes the return right.
 */
import { e4Of } from "./money.ts";
import type { LedgerTaxRate, Org } from "./org.ts";

export type TaxRole =
  | { readonly role: "domestic" }
  | { readonly role: "zero" | "exempt" | "export" | "reverseCharge" | "outside" }
  | { readonly role: "oss"; readonly country: string };

export type TypedRate = { readonly rate: LedgerTaxRate; readonly rateE4: bigint; readonly is: TaxRole };

export const EU_COUNTRIES: readonly string[] =
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" ");

/** The active rates for sales, each with its role. */
export function salesRates({ taxRates, country }: Org): TypedRate[] {
  return taxRates
    .filter(({ status, appliesToRevenue }) => status === "ACTIVE" && appliesToRevenue)
    .map((rate) => ({ rate, rateE4: e4Of(rate.rate), is: roleOf(rate, country) }));
}

const ONE_STOP_SHOP = /\bI?M?OSS\b/i;
const COUNTRY_CODE = new RegExp(`\\b(${[...EU_COUNTRIES, "GB"].join("|")})\\b`);

function roleOf({ taxType, name, rate }: LedgerTaxRate, home: string): TaxRole {
  const country = COUNTRY_CODE.exec(name)?.[1];
  if (ONE_STOP_SHOP.test(name) && country !== undefined) return { role: "oss", country };
  if (e4Of(rate) !== 0n) return { role: "domestic" };
  const byCode = ROLE_OF_CODE[`${home}:${taxType}`] ?? ROLE_OF_CODE[taxType];
  if (byCode !== undefined) return { role: byCode };
  const named = ROLE_OF_NAME.find(([pattern]) => pattern.test(name));
  return { role: named?.[1] ?? "zero" };
}

type UntaxedRole = Exclude<TaxRole["role"], "domestic" | "oss">;

/** Xero's own codes; the same code means different things in different countries. */
const ROLE_OF_CODE: Readonly<Record<string, UntaxedRole>> = {
  "AU:EXEMPTOUTPUT": "zero",
  EXEMPTOUTPUT: "exempt",
  INPUTTAXED: "exempt",
  EXEMPTEXPORT: "export",
  ZERORATEDOUTPUT: "zero",
  ZERORATED: "zero",
  ECZROUTPUT: "reverseCharge",
  ECZROUTPUTSERVICES: "reverseCharge",
  NONE: "outside",
  BASEXCLUDED: "outside",
};

const ROLE_OF_NAME: readonly (readonly [RegExp, UntaxedRole])[] = [
  [/reverse.?charge|intra.?communit|\bEC (goods|sales|services)\b/i, "reverseCharge"],
  [/export/i, "export"],
  [/exempt/i, "exempt"],
  [/no (vat|gst|tax)|excluded|out(side)? of scope/i, "outside"],
  [/zero|free|nil/i, "zero"],
];
