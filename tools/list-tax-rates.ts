import { z } from "zod";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";
import { capped } from "./untrusted.ts";

const RATES_MAX = 150;

export const TaxRates = z.object({
  taxRates: z.array(
    z.object({
      taxType: z.string().describe("what a mapping names"),
      name: z.string(),
      rate: z.string().describe("percent"),
      forSales: z.boolean().describe("active and applies to revenue"),
    }),
  ),
});

export const listTaxRates = defineTool({
  name: "list_tax_rates",
  title: "List tax rates",
  description:
    "The ledger's tax types with their rates in percent. The only source for tax types. Only those with `forSales` may be used " +
    "in a mapping. Two types may have the same rate and mean different boxes of the tax return: ask when in doubt.",
  effect: "read",
  input: z.object({}),
  output: TaxRates,
  run: async (_, { engine, connection }) => {
    const profile = await engine.profile(connection);
    if (!profile.ok) return failed(profile.error);
    const taxRates = profile.value.org.taxRates.slice(0, RATES_MAX).map((rate) => ({
      taxType: rate.taxType,
      name: capped(rate.name, 60),
      rate: rate.rate,
      forSales: rate.appliesToRevenue && rate.status === "ACTIVE",
    }));
    return ok({ taxRates });
  },
});
