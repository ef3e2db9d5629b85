/** The organisation and the shop of the accounting scenarios: one account for each role of facts/accounting.md section 0. */
import { orgOfScenario } from "../../engine/adapters/xero/scenario.ts";
import type { MappingSpec } from "../../engine/core/mapping.ts";
import type { Org, StoreProfile } from "../../engine/core/org.ts";
import { proposeSpec } from "../../engine/core/setup.ts";

export const ACCOUNT = {
  bank: "090",
  stripe: "091",
  paypal: "092",
  euroClearing: "093",
  sales: "200",
  services: "201",
  shipping: "202",
  discount: "203",
  ecoFee: "204",
  giftWrap: "205",
  surcharge: "206",
  refundAdjustment: "207",
  carrierCost: "325",
  costOfGoods: "310",
  stockAdjustment: "311",
  fees: "404",
  chargeback: "405",
  inventory: "630",
  taxPayable: "821",
  marketplaceTax: "822",
  giftCards: "830",
  storeCredit: "831",
  points: "832",
  duty: "833",
  rounding: "860",
} as const;

/** As a scenario file has it; `change` replaces members, for entries about another country. */
export const orgJson = (change: Record<string, unknown> = {}) => ({
  name: "Scenario Ltd",
  country: "GB",
  baseCurrency: "GBP",
  currencies: ["GBP", "EUR", "USD", "JPY", "KWD"],
  timezone: "Europe/London",
  latencyMs: 0,
  dayRates: { EUR: 1.17, USD: 1.3, JPY: 190, KWD: 0.4 },
  accounts: [
    { code: ACCOUNT.bank, name: "Business bank", type: "BANK" },
    { code: ACCOUNT.stripe, name: "Stripe clearing", type: "CURRENT", enablePayments: true },
    { code: ACCOUNT.paypal, name: "PayPal clearing", type: "CURRENT", enablePayments: true },
    { code: ACCOUNT.euroClearing, name: "Euro clearing", type: "BANK", currencyCode: "EUR" },
    { code: ACCOUNT.sales, name: "Sales", type: "REVENUE" },
    { code: ACCOUNT.services, name: "Services", type: "REVENUE" },
    { code: ACCOUNT.shipping, name: "Shipping income", type: "REVENUE" },
    { code: ACCOUNT.discount, name: "Discounts given", type: "REVENUE" },
    { code: ACCOUNT.ecoFee, name: "Eco fees", type: "REVENUE" },
    { code: ACCOUNT.giftWrap, name: "Gift wrapping", type: "REVENUE" },
    { code: ACCOUNT.surcharge, name: "Surcharges", type: "REVENUE" },
    { code: ACCOUNT.refundAdjustment, name: "Refund adjustments", type: "REVENUE" },
    { code: ACCOUNT.costOfGoods, name: "Cost of goods sold", type: "DIRECTCOSTS" },
    { code: ACCOUNT.stockAdjustment, name: "Stock adjustments", type: "DIRECTCOSTS" },
    { code: ACCOUNT.carrierCost, name: "Carriage out", type: "DIRECTCOSTS" },
    { code: ACCOUNT.fees, name: "Payment fees", type: "OVERHEADS" },
    { code: ACCOUNT.chargeback, name: "Chargebacks", type: "OVERHEADS" },
    { code: ACCOUNT.inventory, name: "Inventory", type: "INVENTORY" },
    { code: ACCOUNT.taxPayable, name: "Sales tax payable", type: "CURRLIAB", enablePayments: true },
    { code: ACCOUNT.marketplaceTax, name: "Marketplace tax", type: "CURRLIAB", enablePayments: true },
    { code: ACCOUNT.giftCards, name: "Gift card liability", type: "CURRLIAB", enablePayments: true },
    { code: ACCOUNT.storeCredit, name: "Store credit liability", type: "CURRLIAB", enablePayments: true },
    { code: ACCOUNT.points, name: "Reward points liability", type: "CURRLIAB", enablePayments: true },
    { code: ACCOUNT.duty, name: "Duty clearing", type: "CURRLIAB", enablePayments: true },
    { code: ACCOUNT.rounding, name: "Rounding", type: "CURRLIAB", systemAccount: "ROUNDING" },
  ],
  taxRates: TAX_RATES_GB,
  tracking: [{ category: "Channel", options: ["Web", "Marketplace"] }],
  ...change,
});

const TAX_RATES_GB = [
  { taxType: "OUTPUT2", name: "20% (VAT on Income)", rate: 20 },
  { taxType: "RROUTPUT", name: "5% (VAT on Income)", rate: 5 },
  { taxType: "ZERORATEDOUTPUT", name: "Zero Rated Income", rate: 0 },
  { taxType: "EXEMPTOUTPUT", name: "Exempt Income", rate: 0 },
  { taxType: "ECZROUTPUT", name: "Zero Rated EC Goods Income", rate: 0 },
  { taxType: "NONE", name: "No VAT", rate: 0 },
  { taxType: "INPUT2", name: "20% (VAT on Expenses)", rate: 20 },
];

export const ORG_JSON = orgJson();
export const ORG: Org = orgOfScenario(ORG_JSON);

export const PROFILE: StoreProfile = {
  storeViews: [{ id: "1", code: "uk_en", name: "UK", website: "base", currency: "GBP" }],
  customerGroups: [
    { id: "1", name: "General", taxClass: "Retail Customer" },
    { id: "2", name: "Wholesale", taxClass: "Retail Customer" },
    { id: "3", name: "Charities", taxClass: "Exempt Customer" },
  ],
  taxClasses: [{ id: "2", name: "Taxable Goods" }],
  categories: [],
  attributeSets: [{ id: "4", name: "Default" }],
  paymentMethods: ["stripe_payments", "paypal_express", "banktransfer"],
  pricesIncludeTax: true,
};

/** What setup proposes for the organisation; scenarios change what they are about. */
export const SPEC: MappingSpec = proposeSpec({ org: ORG, store: PROFILE, answers: {} }).spec;
