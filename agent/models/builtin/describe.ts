/** Rules and outcomes in words, for answers about the mapping. */
import { never } from "../../../engine/core/assert.ts";
import type { Condition } from "../../../engine/core/facts.ts";
import type { DecisionTable, Outcome, Rule } from "../../../engine/core/mapping.ts";

/** Account codes with their names. */
export type AccountNames = ReadonlyMap<string, string>;

const accountWords = (code: string, names: AccountNames): string => {
  const name = names.get(code);
  return name === undefined ? `account ${code}` : `account ${code} (${name})`;
};

export function outcomeWords(outcome: Outcome | null, names: AccountNames): string {
  if (outcome === null) return "accepted";
  switch (outcome.kind) {
    case "account":
      return accountWords(outcome.code, names);
    case "payment":
      return `paid into ${accountWords(outcome.account, names)}`;
    case "taxType":
      return `tax type ${outcome.taxType}`;
    case "unpaid":
      return "left unpaid";
    case "perCustomer":
      return "a contact for each customer";
    case "sharedContact":
      return `the shared contact "${outcome.name}"`;
    case "terms":
      return termsWords(outcome);
    case "status":
      return outcome.status === "DRAFT" ? "as a draft" : "approved";
    case "option":
      return `option ${outcome.option}`;
    case "noOption":
      return "no option";
    case "unit":
      return UNIT_WORDS[outcome.unit];
    case "perCompany":
      return "a contact for each company";
    case "taxTypes":
      return "tax by tax types";
    case "taxLiability":
      return `tax as one line on account ${outcome.account}`;
    case "marketplaceTax":
      return `tax that the marketplace paid, on account ${outcome.account}`;
    case "discount":
      return "as a discount";
    case "theme":
      return `branding theme ${outcome.brandingTheme}`;
    case "organisationTheme":
      return "the organisation's branding theme";
    case "bankTransaction":
      return `a transaction on ${outcome.bank} for account ${outcome.account}, ${outcome.taxType}`;
    case "accept":
      return "accepted as it is";
    case "nothing":
      return "nothing is booked";
    case "hold":
      return `held (${outcome.reason})`;
    default:
      return never(outcome);
  }
}

const UNIT_WORDS = {
  order: "one invoice for each order",
  storeInvoice: "one invoice for each store invoice",
  daySummary: "a share of the day's summary",
} as const;

function termsWords({ days, from }: Extract<Outcome, { kind: "terms" }>): string {
  const start = {
    invoiceDate: "the invoice date",
    endOfMonth: "the end of the month",
    endOfNextMonth: "the end of the next month",
  }[from];
  return days === 0 ? `due at ${start}` : `due ${days} days after ${start}`;
}

const FACT_WORDS: Readonly<Partial<Record<Condition["fact"], string>>> = {
  "order.customerGroup": "customer group",
  "order.storeView": "store view",
  "order.shipCountry": "shipping country",
  "order.billCountry": "billing country",
  "order.grandTotal": "order total",
  "order.guest": "guest order",
  "order.currency": "currency",
  "payment.method": "payment method",
  "line.categories": "category",
  "line.sku": "SKU",
  "line.productType": "product type",
  "line.taxClass": "tax class",
  "line.taxRate": "tax rate",
};
const OP_WORDS: Readonly<Record<Condition["op"], string>> = {
  is: "is",
  isNot: "is not",
  startsWith: "starts with",
  contains: "contains",
  oneOf: "is one of",
  isEmpty: "is empty",
  includes: "includes",
  equals: "is",
  atLeast: "is at least",
  atMost: "is at most",
  above: "is above",
  below: "is below",
  before: "is before",
  onOrAfter: "is on or after",
  isTrue: "",
  isFalse: "is not so",
};

function conditionWords(condition: Condition): string {
  const subject = FACT_WORDS[condition.fact] ?? condition.fact;
  const value =
    "values" in condition ? condition.values.join(", ") : "value" in condition ? condition.value : "";
  return [subject, OP_WORDS[condition.op], value].filter((part) => part !== "").join(" ");
}

const ruleWords = (rule: Rule, names: AccountNames): string =>
  `${rule.when.map(conditionWords).join(" and ")}: ${outcomeWords(rule.then, names)} (rule ${rule.id})`;

const RULES_SHOWN_MAX = 6;

/** "if payment method is banktransfer: left unpaid (rule pay-banktransfer); otherwise: ..." */
export function tableWords({ rules, otherwise }: DecisionTable, names: AccountNames): string {
  const shown = rules.slice(0, RULES_SHOWN_MAX).map((rule) => `if ${ruleWords(rule, names)}`);
  const more = rules.length > RULES_SHOWN_MAX ? [`and ${rules.length - RULES_SHOWN_MAX} more rules`] : [];
  const rest = outcomeWords(otherwise, names);
  return rules.length === 0 ? `always ${rest}` : [...shown, ...more, `otherwise ${rest}`].join("; ");
}
