import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Json } from "../../core/shapes.ts";
import { toOrg } from "./org.ts";
import { orgOfScenario } from "./scenario.ts";
import { KNOWN_ZONES, zoneOf } from "./timezones.ts";

const ANSWERS = {
  Organisations: [
    { Name: "Demo", CountryCode: "NZ", BaseCurrency: "NZD", Timezone: "NEWZEALANDSTANDARDTIME" },
  ],
  Accounts: [
    { Code: "200", Name: "Sales", Type: "REVENUE", Status: "ACTIVE", EnablePaymentsToAccount: false },
    { Name: "Bank without a code", Type: "BANK", Status: "ACTIVE" },
    { Code: "100", Name: "Gone", Type: "REVENUE", Status: "DELETED" },
  ],
  TaxRates: [
    {
      TaxType: "OUTPUT2",
      Name: "15% GST",
      EffectiveRate: "15.0000",
      Status: "ACTIVE",
      CanApplyToRevenue: true,
    },
    { Name: "by jurisdiction", Status: "ACTIVE" },
  ],
  TrackingCategories: [
    { Name: "Old", Status: "ARCHIVED", Options: [] },
    {
      Name: "Channel",
      Status: "ACTIVE",
      Options: [
        { Name: "Web", Status: "ACTIVE" },
        { Name: "Fax", Status: "ARCHIVED" },
      ],
    },
  ],
  Currencies: [{ Code: "USD" }, { Code: "AUD" }, { Code: "NZD" }],
} satisfies Record<string, Json>;

const logged: string[] = [];
const read = (answers: Partial<typeof ANSWERS> | Record<string, Json> = {}) =>
  toOrg({ ...ANSWERS, ...answers }, (event) => void logged.push(event));

const NONE_BUT_REVENUE = { Assets: false, Equity: false, Expenses: false, Liabilities: false };
const ALL = { Assets: true, Equity: true, Expenses: true, Liabilities: true };

describe("an organisation from Xero's answers", () => {
  test("has what can be used, sorted, in the engine's words", () => {
    expect(read()).toEqual({
      ok: true,
      value: {
        name: "Demo",
        country: "NZ",
        baseCurrency: "NZD",
        currencies: ["NZD", "AUD", "USD"],
        timezone: "Pacific/Auckland",
        periodLockDate: null,
        endOfYearLockDate: null,
        accounts: [
          {
            code: null,
            name: "Bank without a code",
            type: "BANK",
            status: "ACTIVE",
            enablePayments: false,
            systemAccount: null,
          },
          {
            code: "200",
            name: "Sales",
            type: "REVENUE",
            status: "ACTIVE",
            enablePayments: false,
            systemAccount: null,
          },
        ],
        taxRates: [
          {
            taxType: "OUTPUT2",
            name: "15% GST",
            rate: "15.00",
            status: "ACTIVE",
            appliesToRevenue: true,
            appliesTo: NONE_BUT_REVENUE,
          },
        ],
        tracking: [{ name: "Channel", options: ["Web"] }],
      },
    });
  });

  test("lock dates are calendar dates of the organisation", () => {
    const [organisation] = ANSWERS.Organisations;
    const Organisations = [{ ...organisation, PeriodLockDate: "/Date(1790726400000+0000)/" }];
    expect(read({ Organisations })).toMatchObject({ value: { periodLockDate: "2026-09-30" } });
  });

  test("a time zone that nobody knows is said, and UTC is used", () => {
    logged.length = 0;
    const [organisation] = ANSWERS.Organisations;
    expect(read({ Organisations: [{ ...organisation, Timezone: "MARSSTANDARDTIME" }] })).toMatchObject({
      value: { timezone: "UTC" },
    });
    expect(logged).toEqual(["ledger.timezoneUnknown"]);
  });

  test("another shape is unavailable and names the place", () => {
    expect(read({ Accounts: "none" })).toMatchObject({
      ok: false,
      error: { kind: "unavailable", detail: expect.stringContaining("Accounts") },
    });
    expect(read({ Organisations: [] })).toMatchObject({ ok: false });
  });
});

describe("time zones", () => {
  test("every zone of the table exists", () => {
    for (const zone of KNOWN_ZONES)
      expect(() => new Intl.DateTimeFormat("en", { timeZone: zone })).not.toThrow();
  });

  test.each([
    ["GMTSTANDARDTIME", "Europe/London"],
    ["GMT Standard Time", "Europe/London"],
    ["europe/berlin", "Europe/Berlin"],
    ["ASIA/RIYADH", "Asia/Riyadh"],
    ["nowhere", undefined],
    ["", undefined],
  ])("%s is %s", (name, zone) => {
    expect(zoneOf(name)).toBe(zone);
  });
});

describe("an organisation from a scenario file", () => {
  const scenario = {
    country: "GB",
    baseCurrency: "GBP",
    accounts: [{ code: "860", name: "Mine", type: "EXPENSE" }],
    taxRates: [],
  };

  test("has the system accounts and the tax-free type that every organisation has", () => {
    const org = orgOfScenario(scenario);
    expect(org.accounts.find(({ systemAccount }) => systemAccount === "ROUNDING")?.code).toBe("861");
    expect(org.taxRates).toEqual([
      {
        taxType: "NONE",
        name: "No Tax",
        rate: "0.00",
        status: "ACTIVE",
        appliesToRevenue: true,
        appliesTo: ALL,
      },
    ]);
    expect(org).toMatchObject({ name: "Demo Company (GB)", timezone: "Europe/London", currencies: ["GBP"] });
  });

  test("a compound rate is taken of the price with the others on it", () => {
    const components = [{ rate: 5 }, { rate: "9.975", isCompound: true }];
    const taxRates = [{ taxType: "TAX001", name: "QC", components }];
    expect(
      orgOfScenario({ ...scenario, taxRates }).taxRates.find(({ taxType }) => taxType === "TAX001")?.rate,
    ).toBe("15.4738");
  });

  test("a wrong field is named", () => {
    const attempt = () => orgOfScenario({ ...scenario, accounts: [{ code: "200", name: "Sales" }] });
    expect(attempt).toThrow(z.ZodError);
    expect(attempt).toThrow(/accounts/);
  });
});
