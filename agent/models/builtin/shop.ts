/** The shop's real lists, as this turn's tool results gave them: the only values that the built-in model ever names. */
import type { z } from "zod";
import type { MappingSpec } from "../../../engine/core/mapping.ts";
import { ChartOfAccounts } from "../../../tools/get-chart-of-accounts.ts";
import { MappingView } from "../../../tools/get-mapping.ts";
import { StoreLists } from "../../../tools/get-store-profile.ts";
import { TaxRates } from "../../../tools/list-tax-rates.ts";
import { TrackingCategories } from "../../../tools/list-tracking-categories.ts";

/** The tools that are read before any change is planned. */
export const SHOP_TOOLS = [
  "get_mapping",
  "get_chart_of_accounts",
  "list_tax_rates",
  "list_tracking_categories",
  "get_store_profile",
] as const;

export type Account = {
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly use: readonly string[];
};
export type TaxRate = z.output<typeof TaxRates>["taxRates"][number];

export type Shop = {
  readonly accounts: readonly Account[];
  /** for sales */
  readonly taxRates: readonly TaxRate[];
  readonly tracking: readonly { readonly name: string; readonly options: readonly string[] }[];
  readonly lists: z.output<typeof StoreLists>;
  readonly spec: MappingSpec;
};

/** The lists out of the results by tool name; `undefined` while one of them is missing. */
export function shopOf(results: ReadonlyMap<string, unknown>): Shop | undefined {
  const mapping = MappingView.safeParse(results.get("get_mapping"));
  const chart = ChartOfAccounts.safeParse(results.get("get_chart_of_accounts"));
  const rates = TaxRates.safeParse(results.get("list_tax_rates"));
  const tracking = TrackingCategories.safeParse(results.get("list_tracking_categories"));
  const lists = StoreLists.safeParse(results.get("get_store_profile"));
  if (!mapping.success || !chart.success || !rates.success || !tracking.success || !lists.success)
    return undefined;
  return {
    accounts: chart.data.accounts.flatMap((account) =>
      account.code === null ? [] : [{ ...account, code: account.code }],
    ),
    taxRates: rates.data.taxRates.filter(({ forSales }) => forSales),
    tracking: tracking.data.categories,
    lists: lists.data,
    spec: specOf(mapping.data),
  };
}

function specOf({ settings, fields, tables }: z.output<typeof MappingView>): MappingSpec {
  const byName = Object.fromEntries(
    tables.map(({ table, rules, otherwise }) => [table, { rules, otherwise }]),
  );
  return { format: 1, settings, fields, tables: byName as MappingSpec["tables"] };
}

export const accountLabel = ({ code, name }: Pick<Account, "code" | "name">): string => `${code} (${name})`;
export const taxLabel = ({ taxType, name }: Pick<TaxRate, "taxType" | "name">): string =>
  `${taxType} (${name})`;

/** Every name of the lists, for the speller. */
export const namesOfShop = ({ accounts, taxRates, tracking, lists }: Shop): string[] => [
  ...accounts.map(({ name }) => name),
  ...taxRates.map(({ name }) => name),
  ...tracking.flatMap(({ name, options }) => [name, ...options]),
  ...lists.customerGroups,
  ...lists.categories,
  ...lists.taxClasses,
  ...lists.attributeSets,
  ...lists.storeViews.map(({ name }) => name),
  ...lists.paymentMethods.map((code) => code.replaceAll("_", " ")),
];
