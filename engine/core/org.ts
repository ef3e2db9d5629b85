/** What we know of the ledger organisation: read from Xero, refreshed by the mirror, an argument of every pure function. */
import { z } from "zod";
import { CalendarDate, Currency, Decimal } from "./shapes.ts";

export const LedgerAccount = z.strictObject({
  code: z.string().nullable().describe("bank accounts may have none"),
  name: z.string(),
  type: z.string().describe("Xero account type, e.g. REVENUE, BANK, CURRLIAB"),
  status: z.enum(["ACTIVE", "ARCHIVED"]),
  enablePayments: z.boolean(),
  systemAccount: z.string().nullable(),
});
export type LedgerAccount = z.infer<typeof LedgerAccount>;

export const LedgerTaxRate = z.strictObject({
  taxType: z.string(),
  name: z.string(),
  rate: Decimal.describe("effective rate in percent"),
  status: z.string(),
  appliesToRevenue: z.boolean(),
  appliesTo: z
    .strictObject({
      Assets: z.boolean(),
      Equity: z.boolean(),
      Expenses: z.boolean(),
      Liabilities: z.boolean(),
    })
    .describe("the other classes of account that it suits"),
});
export type LedgerTaxRate = z.infer<typeof LedgerTaxRate>;

export const TrackingCategory = z.strictObject({
  name: z.string(),
  options: z.array(z.string()).describe("active ones"),
});

export const Org = z.strictObject({
  name: z.string(),
  country: z.string(),
  baseCurrency: Currency,
  currencies: z.array(Currency),
  timezone: z.string().describe("IANA zone of the organisation"),
  periodLockDate: CalendarDate.nullable(),
  endOfYearLockDate: CalendarDate.nullable(),
  accounts: z.array(LedgerAccount),
  taxRates: z.array(LedgerTaxRate),
  tracking: z.array(TrackingCategory),
});
export type Org = z.infer<typeof Org>;

/** What we know of the store besides its orders: the shop's real lists, for setup, the assistant and validation. */
export const StoreProfile = z.strictObject({
  storeViews: z.array(
    z.strictObject({
      id: z.string(),
      code: z.string(),
      name: z.string(),
      website: z.string().nullable(),
      currency: Currency.nullable(),
    }),
  ),
  customerGroups: z.array(
    z.strictObject({ id: z.string(), name: z.string(), taxClass: z.string().nullable() }),
  ),
  taxClasses: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  categories: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  attributeSets: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  paymentMethods: z.array(z.string()),
  pricesIncludeTax: z
    .boolean()
    .nullable()
    .describe("null when the store does not say; the API does not expose it"),
});
export type StoreProfile = z.infer<typeof StoreProfile>;

export const accountByCode = (org: Org, code: string): LedgerAccount | undefined =>
  org.accounts.find((account) => account.code === code);

export const taxRateByType = (org: Org, taxType: string): LedgerTaxRate | undefined =>
  org.taxRates.find((rate) => rate.taxType === taxType);
