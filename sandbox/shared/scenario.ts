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

const Algorithm = z.enum(["UNIT_BASE_CALCULATION", "ROW_BASE_CALCULATION", "TOTAL_BASE_CALCULATION"]);

const Store = z.looseObject({
  storeViews: z.array(StoreView).min(1).optional(),
  customerGroups: z.array(z.string()).default(["General"]),
  taxClasses: z.array(z.string()).min(1).default(["Taxable Goods"]),
  paymentMethods: z.array(z.string()).min(1).default(["stripe_payments", "paypal_express", "banktransfer"]),
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
  pastEndRepeatsLastPage: z.boolean().default(true),
  /** oauth/consumer/enable_integration_as_bearer: off by default since 2.4.4 (magento.md 1). */
  bearerAllowed: z.boolean().default(false),
  /** 2.4.7 ignores status changes sent with comments (magento.md 7). */
  commentStatusIgnored: z.boolean().default(false),
  /** ACL resources of the demo integration; absent means all. */
  integrationResources: z.array(z.string()).optional(),
  /** webapi/validation/input_limit_enabled: page size at most 300, default 20 (magento.md 2). */
  inputLimits: z.boolean().default(false),
  /** Adobe Commerce instead of Open Source: gift cards, store credit and reward points on orders. */
  commerce: z.boolean().default(false),
  version: z.string().default("2.4.8"),
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
