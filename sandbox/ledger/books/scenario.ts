import { readFileSync } from "node:fs";
import { z } from "zod";
import { ACCOUNT_TYPES } from "./chart.ts";

/** The `org` part of a scenario file (contract.md, "Scenario file"). */

const percent = z.union([z.number(), z.string()]).transform(String);
const day = z.iso.date();

const AccountSeed = z.object({
  /** Bank accounts may have none (facts/xero.md section 4, Accounts). */
  code: z.string().max(10).default(""),
  name: z.string().max(150),
  type: z.enum(ACCOUNT_TYPES),
  enablePayments: z.boolean().default(false),
  systemAccount: z.string().nullable().default(null),
  status: z.enum(["ACTIVE", "ARCHIVED"]).default("ACTIVE"),
  taxType: z.string().optional(),
  description: z.string().optional(),
  /** Of a bank account; base currency when absent. */
  currencyCode: z.string().length(3).optional(),
  bankAccountType: z.string().optional(),
  bankAccountNumber: z.string().optional(),
});
export type AccountSeed = z.infer<typeof AccountSeed>;

const TaxRateSeed = z.object({
  taxType: z.string(),
  name: z.string(),
  rate: percent.default("0"),
  components: z
    .array(
      z.object({
        name: z.string(),
        rate: percent,
        isCompound: z.boolean().default(false),
        isNonRecoverable: z.boolean().default(false),
      }),
    )
    .optional(),
  status: z.enum(["ACTIVE", "DELETED", "ARCHIVED", "PENDING"]).default("ACTIVE"),
  reportTaxType: z.string().optional(),
  canApplyToAssets: z.boolean().optional(),
  canApplyToEquity: z.boolean().optional(),
  canApplyToExpenses: z.boolean().optional(),
  canApplyToLiabilities: z.boolean().optional(),
  canApplyToRevenue: z.boolean().optional(),
});
export type TaxRateSeed = z.infer<typeof TaxRateSeed>;

const Behaviour = z.object({
  ties: z.enum(["up", "even", "down"]).default("up"),
  taxOverrideLimit: z.union([z.number(), z.string()]).nullable().default(null),
  batchErrorSavesGood: z.boolean().default(false),
  concurrentKey: z.enum(["both-execute", "second-waits"]).default("both-execute"),
  paymentFiresInvoiceEvent: z.boolean().default(false),
  zeroTotalStatus: z.enum(["PAID", "AUTHORISED"]).default("PAID"),
});
export type Behaviour = z.infer<typeof Behaviour>;

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).format() !== "";
  } catch {
    return false;
  }
}

function hasUniqueCodes(accounts: readonly { code: string }[]): boolean {
  const codes = accounts.map(({ code }) => code).filter((code) => code !== "");
  return new Set(codes).size === codes.length;
}

export const OrgSeed = z.object({
  country: z.string().length(2),
  baseCurrency: z.string().length(3),
  name: z.string().optional(),
  currencies: z.array(z.string().length(3)).default([]),
  timezone: z.string().refine(isTimezone, "expected an IANA time zone").default("Europe/London"),
  periodLockDate: day.nullable().optional(),
  endOfYearLockDate: day.nullable().optional(),
  accounts: z.array(AccountSeed).refine(hasUniqueCodes, "expected every code once").default([]),
  taxRates: z.array(TaxRateSeed).default([]),
  tracking: z
    .array(z.object({ category: z.string().max(100), options: z.array(z.string().max(100)) }))
    .default([]),
  dayLimit: z.number().int().positive().default(5000),
  minuteLimit: z.number().int().positive().default(60),
  appMinuteLimit: z.number().int().positive().default(10_000),
  concurrentLimit: z.number().int().positive().default(5),
  minuteSeconds: z.number().positive().default(60),
  daySeconds: z.number().positive().default(86_400),
  /** How long a call stays in flight: without some, six parallel calls would never meet the limit of five. */
  latencyMs: z.number().min(0).default(5),
  behaviour: Behaviour.default(Behaviour.parse({})),
  /** Units of a currency for one unit of base currency; a day rate is made up where there is none. */
  dayRates: z.record(z.string(), percent).default({}),
  multicurrency: z.boolean().default(true),
  /** How many ACCREC invoices the plan lets an organisation approve (message 50). */
  approvedInvoiceLimit: z.number().int().positive().optional(),
  /** Invoices e-mailed a day: 1,000 for who pays, 20 on trial, 0 in the demo company. */
  emailLimit: z.number().int().min(0).default(1000),
  /** Only these app credentials get tokens; without the list any do. */
  clients: z.array(z.object({ id: z.string(), secret: z.string() })).optional(),
  webhook: z.object({ url: z.string(), key: z.string() }).optional(),
});
export type OrgSeed = z.infer<typeof OrgSeed>;

const Scenario = z.object({ org: OrgSeed });
export type Scenario = z.input<typeof Scenario>;

/** Throws an Error that names the field and what was expected. */
export function parseScenario(input: unknown): OrgSeed {
  const parsed = Scenario.safeParse(input);
  if (!parsed.success) throw new Error(`The scenario is not valid.\n${z.prettifyError(parsed.error)}`);
  return parsed.data.org;
}

export function readScenarioFile(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
