import { expect, test } from "vitest";
import { salesRates } from "./tax-roles.ts";
import { orgGb } from "./testing.ts";

const rate = (taxType: string, name: string, percent: string) => ({
  taxType,
  name,
  rate: percent,
  status: "ACTIVE",
  appliesToRevenue: true,
  appliesTo: { Assets: true, Equity: true, Expenses: true, Liabilities: true },
});

test.each([
  ["GB", "EXEMPTOUTPUT", "Exempt Income", "0", { role: "exempt" }],
  ["AU", "EXEMPTOUTPUT", "GST Free Income", "0", { role: "zero" }],
  ["AU", "EXEMPTEXPORT", "GST Free Exports", "0", { role: "export" }],
  ["AU", "BASEXCLUDED", "BAS Excluded", "0", { role: "outside" }],
  ["NZ", "ZERORATED", "Zero Rated", "0", { role: "zero" }],
  ["IE", "TAX006", "Reverse Charge EU Goods", "0", { role: "reverseCharge" }],
  ["IE", "TAX005", "Zero Rated Exports", "0", { role: "export" }],
  ["IE", "TAX016", "OSS NL 9%", "9", { role: "oss", country: "NL" }],
  ["IE", "TAX002", "9% VAT on Sales", "9", { role: "domestic" }],
  ["US", "NONE", "Tax Exempt", "0", { role: "outside" }],
  ["GB", "OUTPUT2", "20% (VAT on Income)", "20", { role: "domestic" }],
])("in %s, %s %s is for its role", (country, taxType, name, percent, role) => {
  const [typed] = salesRates({ ...orgGb, country, taxRates: [rate(taxType, name, percent)] });
  expect(typed?.is).toEqual(role);
});

test("rates for purchases and archived ones have no role in sales", () => {
  const taxRates = [
    { ...rate("INPUT2", "20% (VAT on Expenses)", "20"), appliesToRevenue: false },
    { ...rate("OUTPUT", "17.5%", "17.5"), status: "ARCHIVED" },
  ];
  expect(salesRates({ ...orgGb, taxRates })).toEqual([]);
});
