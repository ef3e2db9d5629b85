/** A small shop and its organisation for tests of the core: hand-made, not taken from anybody's data. */
import type { MappingSpec } from "./mapping.ts";
import type { Org, StoreProfile } from "./org.ts";
import type { CanonicalSale, SaleLine } from "./sale.ts";
import { proposeSpec } from "./setup.ts";

const account = (code: string, name: string, type: string, more: Partial<Org["accounts"][number]> = {}) => ({
  code,
  name,
  type,
  status: "ACTIVE" as const,
  enablePayments: false,
  systemAccount: null,
  ...more,
});

const rate = (taxType: string, name: string, percent: string) => ({
  taxType,
  name,
  rate: percent,
  status: "ACTIVE",
  appliesToRevenue: true,
  appliesTo: { Assets: true, Equity: true, Expenses: true, Liabilities: true },
});

export const orgGb: Org = {
  name: "Demo Trading Ltd",
  country: "GB",
  baseCurrency: "GBP",
  currencies: ["GBP", "EUR"],
  timezone: "Europe/London",
  periodLockDate: null,
  endOfYearLockDate: null,
  accounts: [
    account("090", "Business bank account", "BANK"),
    account("091", "PayPal clearing", "CURRENT", { enablePayments: true }),
    account("092", "Stripe clearing", "CURRENT", { enablePayments: true }),
    account("200", "Sales", "REVENUE"),
    account("202", "Shipping income", "REVENUE"),
    account("260", "Other revenue", "REVENUE"),
    account("480", "Discounts given", "EXPENSE"),
    account("499", "Old sales", "REVENUE", { status: "ARCHIVED" }),
    account("610", "Accounts receivable", "CURRENT", { systemAccount: "DEBTORS" }),
    account("860", "Rounding", "EXPENSE", { systemAccount: "ROUNDING" }),
  ],
  taxRates: [
    rate("OUTPUT2", "20% (VAT on Income)", "20"),
    rate("RROUTPUT", "5% (VAT on Income)", "5"),
    rate("ZERORATEDOUTPUT", "Zero Rated Income", "0"),
    rate("NONE", "No VAT", "0"),
    { ...rate("INPUT2", "20% (VAT on Expenses)", "20"), appliesToRevenue: false },
  ],
  tracking: [{ name: "Channel", options: ["Web", "Marketplace"] }],
};

export const storeGb: StoreProfile = {
  storeViews: [{ id: "1", code: "uk_en", name: "UK", website: "base", currency: "GBP" }],
  customerGroups: [{ id: "1", name: "General", taxClass: "Retail Customer" }],
  taxClasses: [{ id: "2", name: "Taxable Goods" }],
  categories: [{ id: "3", name: "Gift Boxes" }],
  attributeSets: [{ id: "4", name: "Default" }],
  paymentMethods: ["stripe_payments", "paypal_express", "banktransfer"],
  pricesIncludeTax: true,
};

export const specGb: MappingSpec = proposeSpec({ org: orgGb, store: storeGb, answers: {} }).spec;

export function withSettings(spec: MappingSpec, settings: Partial<MappingSpec["settings"]>): MappingSpec {
  return { ...spec, settings: { ...spec.settings, ...settings } };
}

export function withTables(spec: MappingSpec, tables: Partial<MappingSpec["tables"]>): MappingSpec {
  return { ...spec, tables: { ...spec.tables, ...tables } };
}

export function lineOf(line: Partial<SaleLine> & Pick<SaleLine, "id">): SaleLine {
  return {
    sku: `SKU-${line.id}`,
    name: `Product ${line.id}`,
    productType: "simple",
    quantity: "1",
    net: "10.00",
    tax: "2.00",
    discount: "0",
    discountTax: "0",
    taxRate: "20",
    appliedTaxes: [],
    fixedTaxNet: "0",
    fixedTaxTax: "0",
    parts: [],
    options: [],
    product: { taxClass: "Taxable Goods", attributeSet: "Default", categories: ["Gift Boxes"] },
    ...line,
  };
}

/** Three mugs and postage, paid by Stripe: 36.00 + 6.00 = 42.00 with 7.00 of tax. */
export const saleGb: CanonicalSale = {
  format: 1,
  source: { system: "magento", type: "order", id: "17", number: "000000017", revision: "r1" },
  store: { id: "1", view: "uk_en", website: "base" },
  state: "processing",
  status: "processing",
  placedAt: "2026-10-31T23:30:00Z",
  currency: "GBP",
  baseCurrency: "GBP",
  storeRate: "1",
  virtual: false,
  coupon: null,
  discountRules: [],
  customer: {
    key: "C5",
    registered: true,
    groupId: "1",
    group: "General",
    taxClass: "Retail Customer",
    email: "ada@example.com",
    firstName: "Ada",
    lastName: "Example",
    vatId: null,
  },
  billing: {
    firstName: "Ada",
    lastName: "Example",
    company: null,
    street: ["1 Example Street"],
    city: "Exampleton",
    region: null,
    postcode: "EX1 1EX",
    country: "GB",
    phone: null,
    vatId: null,
    vatIdValid: null,
  },
  shipTo: null,
  payment: { method: "stripe_payments", title: "Card" },
  lines: [lineOf({ id: "1", quantity: "3", net: "30.00", tax: "6.00" })],
  shipping: {
    method: "flatrate_flatrate",
    title: "Flat rate",
    net: "5.00",
    tax: "1.00",
    discount: "0",
    discountTax: "0",
    taxRate: null,
    appliedTaxes: [],
  },
  fees: [],
  tenders: [],
  receipts: [
    { key: "ch_1", amount: "42.00", at: "2026-11-01T09:00:00Z", transactionId: "ch_1", invoiceId: null },
  ],
  purchaseOrder: null,
  edited: { from: null, to: null },
  invoices: [],
  creditMemos: [],
  shipments: [],
  totals: {
    grandTotal: "42.00",
    tax: "7.00",
    subtotal: "30.00",
    paid: "42.00",
    refunded: "0",
    cancelled: "0",
  },
};
