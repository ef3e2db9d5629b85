/** Rules and outcomes in words that a bookkeeper reads; account codes and tax types get their names where they are known. */
import { never } from "../../engine/core/assert.ts";
import type { Condition, FactName } from "../../engine/core/facts.ts";
import type {
  FieldName,
  MappingSpec,
  Outcome,
  Rule,
  SettingName,
  TableName,
} from "../../engine/core/mapping.ts";
import { accountByCode, type Org, taxRateByType } from "../../engine/core/org.ts";

/** Null when the ledger's lists could not be read: then codes stand alone. */
export type Names = Org | null;

export const TABLE_WORDS: Record<TableName, string> = {
  revenueAccount: "Sales account",
  taxType: "Sales tax",
  shippingAccount: "Shipping account",
  shippingTaxType: "Shipping tax",
  discountAccount: "Discount account",
  feeAccount: "Fee account",
  feeTaxType: "Fee tax",
  payment: "Payment account",
  contact: "Contact",
  terms: "Due date",
  invoiceStatus: "Invoice status",
  tracking1: "First tracking option",
  tracking2: "Second tracking option",
  refund: "Refund account",
  documentUnit: "One invoice for each",
  taxTreatment: "Tax treatment",
  brandingTheme: "Branding theme",
  carrierCost: "Carrier cost",
  shippingFee: "Shipping fee outside of invoices",
  acceptOrder: "Orders that wait for a person",
};

export const SETTING_WORDS: Record<SettingName, string> = {
  lineAmountTypes: "Line amounts",
  taxAmounts: "Tax amounts sent",
  discounts: "Discounts",
  numberPrefix: "Invoice number prefix",
  contactNumberPrefix: "Contact number prefix",
  tracking1Category: "First tracking category",
  tracking2Category: "Second tracking category",
  currencies: "Currencies",
  rateFrom: "Exchange rate from",
  roundingLimit: "Rounding limit",
  roundingAccount: "Rounding account",
  roundingTaxType: "Rounding tax",
  cutOverDate: "Orders placed from",
  trigger: "An order is posted when",
  invoiceDate: "Invoices are dated when",
  lockedPeriod: "Documents of a locked period",
  refundRate: "Exchange rate of credit notes from",
  adjustmentTax: "Tax in refund adjustments",
  zeroTotals: "Orders that cost nothing",
  zeroLines: "Lines that cost nothing",
  items: "Items in the ledger",
  restock: "Returned stock",
  shortStock: "Tracked items out of stock",
  overpayments: "Overpayments",
  linesMax: "Lines on one invoice",
  summaryContact: "Contact of daily summaries",
  costOfGoodsAccount: "Cost of goods account",
  inventoryAccount: "Inventory account",
  stockAdjustmentAccount: "Stock adjustment account",
};

export const FIELD_WORDS: Record<FieldName, string> = {
  contactName: "Contact name",
  invoiceReference: "Invoice reference",
  lineDescription: "Line description",
  shippingDescription: "Shipping description",
  paymentReference: "Payment reference",
  creditNoteReference: "Credit note reference",
  refundReference: "Refund reference",
  shipmentReference: "Shipment reference",
};

/** What a setting's codes mean; names, prefixes and dates stand as they are. */
const VALUE_WORDS: Partial<Record<SettingName, Readonly<Record<string, string>>>> = {
  lineAmountTypes: { Inclusive: "with tax inside", Exclusive: "with tax added" },
  taxAmounts: {
    whereDifferent: "only where the ledger would compute another amount",
    everyLine: "on every line",
    never: "never",
  },
  discounts: { net: "inside the line amounts", visible: "as lines of their own" },
  rateFrom: { xero: "the ledger", store: "the store" },
  trigger: {
    placed: "it is placed",
    paid: "it is paid",
    shipped: "it is shipped",
    complete: "it is complete",
  },
  invoiceDate: {
    placed: "the order is placed",
    invoiced: "the store invoices it",
    paid: "it is paid",
    shipped: "it is shipped",
  },
  lockedPeriod: {
    hold: "wait for a person",
    draft: "become drafts on the first open day",
    firstOpenDay: "are dated on the first open day",
  },
  refundRate: { invoice: "the invoice", xero: "the ledger" },
  adjustmentTax: { proportional: "as on the invoice", outside: "none" },
  zeroTotals: { post: "are posted", skip: "are left out" },
  zeroLines: { keep: "are kept", drop: "are left out" },
  items: { none: "not used", link: "used where they exist", create: "created where they are missing" },
  restock: { asStore: "as the store says", never: "never" },
  shortStock: { withoutItem: "posted without the item", hold: "wait for a person" },
  overpayments: { hold: "wait for a person", overpayment: "are booked as overpayments" },
};

const ACCOUNT_SETTINGS: ReadonlySet<SettingName> = new Set([
  "roundingAccount",
  "costOfGoodsAccount",
  "inventoryAccount",
  "stockAdjustmentAccount",
]);

export function settingWords(
  setting: SettingName,
  value: MappingSpec["settings"][SettingName],
  names: Names,
) {
  if (value === null || value === "") return null;
  if (typeof value !== "string") return value.join(", ");
  if (ACCOUNT_SETTINGS.has(setting)) return accountWords(value, names);
  if (setting === "roundingTaxType") return taxWords(value, names);
  return VALUE_WORDS[setting]?.[value] ?? value;
}

export function outcomeWords(outcome: Outcome | null, names: Names): string {
  if (outcome === null) return "accepted";
  switch (outcome.kind) {
    case "account":
      return accountWords(outcome.code, names);
    case "payment":
      return `paid into ${accountWords(outcome.account, names)}`;
    case "taxType":
      return taxWords(outcome.taxType, names);
    case "unpaid":
      return "left unpaid";
    case "perCustomer":
      return "one contact for each customer";
    case "sharedContact":
      return `the shared contact “${outcome.name}”`;
    case "terms":
      return termsWords(outcome);
    case "status":
      return outcome.status === "DRAFT" ? "draft" : "authorised";
    case "option":
      return `option “${outcome.option}”`;
    case "noOption":
      return "no option";
    case "unit":
      return UNIT_WORDS[outcome.unit];
    case "perCompany":
      return "one contact for each company";
    case "taxTypes":
      return "by tax types";
    case "taxLiability":
      return `one line on ${accountWords(outcome.account, names)}`;
    case "marketplaceTax":
      return `paid by the marketplace, shown on ${accountWords(outcome.account, names)}`;
    case "discount":
      return "a discount";
    case "theme":
      return `theme ${outcome.brandingTheme}`;
    case "organisationTheme":
      return "the organisation's theme";
    case "bankTransaction":
      return `on ${accountWords(outcome.bank, names)} for ${accountWords(outcome.account, names)}, ${taxWords(outcome.taxType, names)}`;
    case "accept":
      return "accepted as it is";
    case "nothing":
      return "not booked";
    case "hold":
      return `held: ${outcome.reason}`;
    default:
      return never(outcome);
  }
}

const UNIT_WORDS = {
  order: "order",
  storeInvoice: "store invoice",
  daySummary: "day, as a summary",
} as const;

const TERMS_START = {
  invoiceDate: "the invoice date",
  endOfMonth: "the end of the month",
  endOfNextMonth: "the end of the next month",
} as const;

function termsWords({ days, from }: Extract<Outcome, { kind: "terms" }>): string {
  const start = TERMS_START[from];
  return days === 0 ? `due on ${start}` : `due ${days} days after ${start}`;
}

function accountWords(code: string, names: Names): string {
  const account = names === null ? undefined : accountByCode(names, code);
  return account === undefined ? `account ${code}` : `${code} ${account.name}`;
}

function taxWords(taxType: string, names: Names): string {
  const rate = names === null ? undefined : taxRateByType(names, taxType);
  return rate === undefined ? taxType : `${taxType}, ${rate.name}`;
}

export const ruleWords = (rule: Rule, names: Names): string =>
  `${rule.when.map(conditionWords).join(" and ")}: ${outcomeWords(rule.then, names)}`;

export function conditionWords(condition: Condition): string {
  const fact = factWords(condition.fact);
  switch (condition.op) {
    case "isEmpty":
      return `${fact} is empty`;
    case "isTrue":
      return `${fact}: yes`;
    case "isFalse":
      return `${fact}: no`;
    case "oneOf":
      return `${fact} is one of ${condition.values.map((value) => `“${value}”`).join(", ")}`;
    case "is":
    case "isNot":
    case "startsWith":
    case "contains":
    case "includes":
      return `${fact} ${TEXT_OPS[condition.op]} “${condition.value}”`;
    case "equals":
    case "atLeast":
    case "atMost":
    case "above":
    case "below":
    case "before":
    case "onOrAfter":
      return `${fact} ${ORDER_OPS[condition.op]} ${condition.value}`;
    default:
      return never(condition);
  }
}

const TEXT_OPS = {
  is: "is",
  isNot: "is not",
  startsWith: "starts with",
  contains: "contains",
  includes: "includes",
} as const;
const ORDER_OPS = {
  equals: "is",
  atLeast: "is at least",
  atMost: "is at most",
  above: "is above",
  below: "is below",
  before: "is before",
  onOrAfter: "is on or after",
} as const;

const FACT_WORDS: Partial<Record<FactName, string>> = {
  "line.sku": "SKU",
  "line.taxRate": "tax rate in percent",
  "line.appliedTaxes": "applied tax",
  "line.categories": "category",
  "line.part": "part of the line",
  "line.source": "source that it is sent from",
  "fee.code": "fee",
  "order.vatIdValid": "valid VAT id",
  "order.business": "business customer",
  "order.guest": "guest order",
  "order.virtual": "nothing to ship",
  "order.discountRule": "id of the only cart price rule",
  "order.grandTotal": "order total",
  "order.placedOn": "order date",
  "order.state": "order state",
  "order.status": "order status",
  "payment.method": "payment method",
};

/** "order.customerGroup" is "customer group". */
const factWords = (fact: FactName): string =>
  FACT_WORDS[fact] ??
  fact.replace(/^[a-z]+\./, "").replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
