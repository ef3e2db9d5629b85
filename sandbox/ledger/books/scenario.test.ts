import { describe, expect, test } from "vitest";
import { openTestLedger, TEST_ORG } from "../testing.ts";
import { parseScenario } from "./scenario.ts";

const MINIMUM = { country: "GB", baseCurrency: "GBP", accounts: [], taxRates: [] };

describe("a scenario", () => {
  test("needs a country, a currency, accounts and tax rates; the rest has defaults", () => {
    expect(parseScenario({ org: MINIMUM })).toMatchObject({
      timezone: "Europe/London",
      dayLimit: 5000,
      minuteLimit: 60,
      minuteSeconds: 60,
      daySeconds: 86_400,
      behaviour: {
        ties: "up",
        taxOverrideLimit: null,
        batchErrorSavesGood: false,
        concurrentKey: "both-execute",
        paymentFiresInvoiceEvent: false,
        zeroTotalStatus: "PAID",
      },
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ["org.country", { country: undefined }],
    ["org.timezone", { timezone: "Europe/Nowhere" }],
    ["org.accounts[0].type", { accounts: [{ code: "1", name: "x", type: "INCOME" }] }],
    ["org.accounts", { accounts: Array(2).fill({ code: "1", name: "x", type: "REVENUE" }) }],
    ["org.behaviour.ties", { behaviour: { ties: "sideways" } }],
    ["org.periodLockDate", { periodLockDate: "30-Sep-2026" }],
  ])("that is wrong is refused with the name of the field: %s", (field, changes) => {
    expect(() => parseScenario({ org: { ...MINIMUM, ...changes } })).toThrow(field);
  });

  test.each([
    ["GB", "OUTPUT2"],
    ["NZ", "OUTPUT2"],
    ["AU", "OUTPUT"],
    ["DE", "OUTPUT"],
  ])("without tax rates has those of %s, and its sales accounts default to %s", (country, taxType) => {
    const { call } = openTestLedger({ country, taxRates: [] });
    const [sales] = call("GET", 'Accounts?where=Code=="200"').body.Accounts;
    expect(sales.TaxType).toBe(taxType);
    const rates = call("GET", "TaxRates").body.TaxRates.map((rate: { TaxType: string }) => rate.TaxType);
    expect(rates).toContain(country === "AU" ? "BASEXCLUDED" : "NONE");
  });

  test("moves a system account that finds its code taken", () => {
    const accounts = [...TEST_ORG.accounts, { code: "860", name: "Gift cards", type: "CURRLIAB" }];
    const { call } = openTestLedger({ accounts });
    const [rounding] = call("GET", 'Accounts?where=SystemAccount=="ROUNDING"').body.Accounts;
    expect(rounding.Code).toBe("861");
  });
});
