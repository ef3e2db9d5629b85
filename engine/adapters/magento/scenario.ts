/** The store's part of a scenario file (contract.md), for `plan --scenario`: what the demo store says of itself, without it. */
import { z } from "zod";
import type { StoreProfile } from "../../core/org.ts";
import { Currency } from "../../core/shapes.ts";

const StoreView = z.object({ code: z.string(), name: z.string().optional(), currency: Currency.optional() });

const StoreScenario = z.object({
  storeViews: z
    .array(StoreView)
    .min(1)
    .default([{ code: "default", name: "Default Store View" }]),
  customerGroups: z.array(z.string()).default(["General"]),
  taxClasses: z.array(z.string()).min(1).default(["Taxable Goods"]),
  paymentMethods: z.array(z.string()).min(1).default(["stripe_payments", "paypal_express", "banktransfer"]),
  baseCurrency: Currency.optional(),
});

const OrgPart = z.object({ baseCurrency: Currency });

/** Magento numbers its first product tax class 2 and gives 3 to the class of customers. */
const FIRST_TAX_CLASS = 2;
const CUSTOMER_CLASS = 3;

/**
 * `store` and `org` are the members of the scenario, as JSON. Throws a ZodError that names the field; the command line turns
 * it into exit code 2. Ids count as Magento's do: views from 1, group 0 is NOT LOGGED IN.
 */
export function profileOfScenario(store: unknown, org: unknown): StoreProfile {
  const shop = StoreScenario.parse(store ?? {});
  const { baseCurrency } = OrgPart.parse(org);
  return {
    storeViews: shop.storeViews.map(({ code, name, currency }, index) => ({
      id: String(index + 1),
      code,
      name: name ?? titleOf(code),
      website: "base",
      currency: currency ?? shop.baseCurrency ?? baseCurrency,
    })),
    customerGroups: ["NOT LOGGED IN", ...shop.customerGroups].map((name, id) => ({
      id: String(id),
      name,
      taxClass: "Retail Customer",
    })),
    taxClasses: shop.taxClasses.map((name, index) => ({ id: String(taxClassId(index)), name })),
    categories: [],
    attributeSets: [],
    paymentMethods: [...shop.paymentMethods].sort(),
    // The scenario says it, but no route of the store does: a plan here must be the plan that a connected store gets.
    pricesIncludeTax: null,
  };
}

const taxClassId = (index: number): number => (index === 0 ? FIRST_TAX_CLASS : CUSTOMER_CLASS + index);

/** "uk_en" is shown as "UK EN", "outlet" as "Outlet". */
const titleOf = (code: string): string =>
  code
    .split("_")
    .map((word) => (word.length === 2 ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1)))
    .join(" ");
