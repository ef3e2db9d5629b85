import { readFileSync } from "node:fs";
import { z } from "zod";

/** The scenario file of contract.md, as far as the store needs it; the ledger reads the rest of org itself. */
const TaxRate = z.looseObject({ taxType: z.string(), name: z.string(), rate: z.number() });

const Org = z.looseObject({
  country: z.string().length(2),
  baseCurrency: z.string().length(3),
  currencies: z.array(z.string().length(3)).optional(),
  timezone: z.string().optional(),
  accounts: z.array(z.looseObject({ code: z.string().optional(), name: z.string(), type: z.string() })),
  taxRates: z.array(TaxRate),
});

const StoreView = z.looseObject({
  code: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, "a store view code is lower case letters, digits and underscores"),
  name: z.string().optional(),
  /** The currency its customers pay in; the website's base currency is the org's unless store says otherwise. */
  currency: z.string().length(3).optional(),
});

/** A rate of the shop's tax rules; rules are numbered by their first mention, and each is rounded on its own. */
const StoreTaxRate = z.strictObject({
  code: z.string(),
  country: z.string().length(2),
  /** A state's code, as in "NY". */
  region: z.string().optional(),
  /** One postcode, or the start of several: "100*". */
  postcode: z.string().default("*"),
  rate: z.number().min(0),
  /** Names of store.taxClasses. */
  classes: z.array(z.string()).min(1),
  rule: z.string().default("Tax"),
});

const Algorithm = z.enum(["UNIT_BASE_CALCULATION", "ROW_BASE_CALCULATION", "TOTAL_BASE_CALCULATION"]);

const Store = z.looseObject({
  storeViews: z.array(StoreView).min(1).optional(),
  customerGroups: z.array(z.string()).default(["General"]),
  /** Groups whose customers no tax rule names (reverse charge, resale), each with its customer tax class. */
  untaxedGroups: z.record(z.string(), z.string()).default({}),
  /** Whose goods, people and seasons fill a new store; absent: a small shop of one of everything. */
  market: z.enum(["GB", "AU", "NZ", "IE", "US"]).optional(),
  taxClasses: z.array(z.string()).min(1).default(["Taxable Goods"]),
  paymentMethods: z.array(z.string()).min(1).default(["stripe_payments", "paypal_express", "banktransfer"]),
  /** The shop's tax rates; absent: they follow from the ledger's. */
  taxRates: z.array(StoreTaxRate).optional(),
  taxAlgorithm: Algorithm.default("ROW_BASE_CALCULATION"),
  pricesIncludeTax: z.boolean().optional(),
  shippingIncludesTax: z.boolean().optional(),
  taxAfterDiscount: z.boolean().default(true),
  discountOnInclusive: z.boolean().optional(),
  crossBorder: z.boolean().default(false),
  fptTaxed: z.boolean().default(true),
  fptInSubtotal: z.boolean().default(false),
  baseCurrency: z.string().length(3).optional(),
  timezone: z.string().optional(),
  locale: z.string().optional(),
  /** Overrides the rates of the currencies against the base currency. */
  exchangeRates: z.record(z.string(), z.number().positive()).default({}),
  /** A page past the end answers the last page again, as released versions do (magento.md 2, paging pitfalls). */
  pastEndRepeatsLastPage: z.boolean().optional(),
  /** oauth/consumer/enable_integration_as_bearer: off by default since 2.4.4 (magento.md 1). */
  bearerAllowed: z.boolean().optional(),
  /** 2.4.7 ignores status changes sent with comments (magento.md 7); absent: what the version does. */
  commentStatusIgnored: z.boolean().optional(),
  /** Two-factor authentication of administrators: on by default since 2.4.0, and the admin token route refuses. */
  twoFactor: z.boolean().optional(),
  /** ACL resources of the demo integration; absent means all. */
  integrationResources: z.array(z.string()).optional(),
  /** webapi/validation/input_limit_enabled: page size at most 300, default 20 (magento.md 2). */
  inputLimits: z.boolean().default(false),
  /** Adobe Commerce instead of Open Source: gift cards, store credit and reward points on orders. */
  commerce: z.boolean().default(false),
  version: z
    .string()
    .regex(/^2\.\d+(?:\.\d+(?:-p\d+)?)?$/, "expected a Magento 2 version such as 2.4.8 or 2.4.7-p3")
    .default("2.4.8"),
});

export const Scenario = z.looseObject({ org: Org, store: Store.default(() => Store.parse({})) });
export type Scenario = z.infer<typeof Scenario>;

/** Parses a scenario; the error names every wrong field and what was expected. */
export function parseScenario(value: unknown, source = "scenario"): Scenario {
  const parsed = Scenario.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "(top)"}: ${issue.message}`);
  throw new Error(`${source}: ${problems.join("; ")}`);
}

export function readScenario(path: string): Scenario {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseScenario(value, path);
}
