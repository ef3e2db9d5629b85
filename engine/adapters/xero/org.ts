/** The organisation as planning needs it: settings, accounts, tax rates, tracking and currencies; five reads. */
import { z } from "zod";
import { formatE4, parseE4 } from "../../core/money.ts";
import { Org } from "../../core/org.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { Json } from "../../core/shapes.ts";
import type { Log, Unreachable } from "../../ports.ts";
import { listOf, WireDate, WireFlag, WireText } from "./answer-json.ts";
import { sortedOrg } from "./org-lists.ts";
import { zoneOf } from "./timezones.ts";

const Organisation = z.object({
  Name: z.string(),
  CountryCode: z.string(),
  BaseCurrency: z.string(),
  Timezone: WireText,
  PeriodLockDate: WireDate,
  EndOfYearLockDate: WireDate,
});

const Account = z.object({
  Code: WireText,
  Name: z.string(),
  Type: z.string(),
  Status: z.string(),
  EnablePaymentsToAccount: WireFlag,
  SystemAccount: WireText,
});

const TaxRate = z.object({
  TaxType: WireText,
  Name: z.string(),
  EffectiveRate: z.string().nullish(),
  Status: z.string(),
  CanApplyToRevenue: WireFlag,
  CanApplyToAssets: WireFlag,
  CanApplyToEquity: WireFlag,
  CanApplyToExpenses: WireFlag,
  CanApplyToLiabilities: WireFlag,
});

const TrackingCategory = z.object({
  Name: z.string(),
  Status: z.string(),
  Options: listOf(z.object({ Name: z.string(), Status: z.string() })),
});

/** One object of all five answers; the plural names are Xero's. */
const Answers = z.object({
  Organisations: z.tuple([Organisation]).rest(z.unknown()),
  Accounts: z.array(Account),
  TaxRates: z.array(TaxRate),
  TrackingCategories: z.array(TrackingCategory),
  Currencies: z.array(z.object({ Code: z.string() })),
});

export const ORG_LISTS = [
  "Organisations",
  "Accounts",
  "TaxRates",
  "TrackingCategories",
  "Currencies",
] as const;
export type OrgList = (typeof ORG_LISTS)[number];

/** `answers` are the members of that name, one for each list. Pure but for the log of an unknown time zone. */
export function toOrg(answers: Readonly<Record<OrgList, Json>>, log: Log): Result<Org, Unreachable> {
  const parsed = Answers.safeParse(answers);
  if (!parsed.success) return err(strange(parsed.error.issues[0]?.path ?? []));
  const { Organisations, Accounts, TaxRates, TrackingCategories, Currencies } = parsed.data;
  const [organisation] = Organisations;
  const org = Org.safeParse({
    name: organisation.Name,
    country: organisation.CountryCode,
    baseCurrency: organisation.BaseCurrency,
    // Without multi-currency the list is empty; the base currency is always there.
    currencies: [organisation.BaseCurrency, ...Currencies.map(({ Code }) => Code)],
    timezone: timezoneOf(organisation.Timezone, log),
    periodLockDate: organisation.PeriodLockDate,
    endOfYearLockDate: organisation.EndOfYearLockDate,
    accounts: Accounts.filter(({ Status }) => Status === "ACTIVE" || Status === "ARCHIVED").map(
      (account) => ({
        code: account.Code,
        name: account.Name,
        type: account.Type,
        status: account.Status,
        enablePayments: account.EnablePaymentsToAccount,
        systemAccount: account.SystemAccount,
      }),
    ),
    taxRates: TaxRates.flatMap(taxRateOf),
    tracking: TrackingCategories.filter(isActive).map(({ Name, Options }) => ({
      name: Name,
      options: Options.filter(isActive).map((option) => option.Name),
    })),
  });
  return org.success ? ok(sortedOrg(org.data)) : err(strange(org.error.issues[0]?.path ?? []));
}

const isActive = ({ Status }: { readonly Status: string }): boolean => Status === "ACTIVE";

/** A rate without a TaxType or a percentage (tax by jurisdiction) cannot be put on a line. */
function taxRateOf(rate: z.infer<typeof TaxRate>): Org["taxRates"] {
  const percentE4 = parseE4(rate.EffectiveRate ?? "");
  if (rate.TaxType === null || percentE4 === undefined) return [];
  const { TaxType: taxType, Name: name, Status: status, CanApplyToRevenue: appliesToRevenue } = rate;
  const appliesTo = {
    Assets: rate.CanApplyToAssets,
    Equity: rate.CanApplyToEquity,
    Expenses: rate.CanApplyToExpenses,
    Liabilities: rate.CanApplyToLiabilities,
  };
  return [{ taxType, name, rate: formatE4(percentE4), status, appliesToRevenue, appliesTo }];
}

/** Documents are dated in this zone, so one that is not known is said loudly; UTC is wrong by hours, not by days. */
function timezoneOf(name: string | null, log: Log): string {
  const zone = name === null ? undefined : zoneOf(name);
  if (zone === undefined) log("ledger.timezoneUnknown", { timezone: name });
  return zone ?? "UTC";
}

const strange = (path: readonly PropertyKey[]): Unreachable => ({
  kind: "unavailable",
  detail: `The ledger's answer about the organisation is not what Xero's API describes (${path.join("/")}).`,
});
