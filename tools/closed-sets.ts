/**
 * What a tainted session may still propose: values that stand in the shop's or the ledger's own lists, few at a time, and
 * no text of its own (templates, names, prefixes, reasons): a stranger's text could have dictated them.
 */

import { never } from "../engine/core/assert.ts";
import type { Edit } from "../engine/core/edits.ts";
import type { Condition } from "../engine/core/facts.ts";
import type { Outcome, SettingName } from "../engine/core/mapping.ts";
import type { Org, StoreProfile } from "../engine/core/org.ts";
import type { ToolFailure } from "./define.ts";

/** More edits than this in one proposal count as bulk. */
export const TAINTED_EDITS_MAX = 3;

export type Lists = { readonly org: Org; readonly store: StoreProfile };

export function closedSetFault(edits: readonly Edit[], lists: Lists): ToolFailure | undefined {
  if (edits.length > TAINTED_EDITS_MAX)
    return refusal(`at most ${TAINTED_EDITS_MAX} edits at a time, not ${edits.length}`);
  for (const edit of edits) {
    const fault = editFault(edit, lists);
    if (fault !== undefined) return refusal(fault);
  }
  return undefined;
}

const refusal = (fault: string): ToolFailure => ({
  kind: "tainted",
  message: `This session has read text that strangers wrote, so it may propose only values from the shop's own lists: ${fault}.`,
  next: "Ask the person to start a new conversation for this change, or choose a value from the lists.",
});

function editFault(edit: Edit, lists: Lists): string | undefined {
  switch (edit.op) {
    case "setField":
      return "no templates";
    case "setSetting":
      return settingFault(edit.setting, edit.value, lists);
    case "setOtherwise":
      return edit.outcome === null ? undefined : outcomeFault(edit.outcome, lists);
    case "addRule":
    case "replaceRule": {
      const faults = [
        outcomeFault(edit.rule.then, lists),
        ...edit.rule.when.map((condition) => conditionFault(condition, lists)),
      ];
      return faults.find((fault) => fault !== undefined);
    }
    case "removeRule":
    case "moveRule":
      return undefined;
    default:
      return never(edit);
  }
}

const ENUMERATED: readonly SettingName[] = [
  "lineAmountTypes",
  "taxAmounts",
  "discounts",
  "rateFrom",
  "trigger",
];

function settingFault(setting: SettingName, value: string | null, { org }: Lists): string | undefined {
  if (ENUMERATED.includes(setting)) return undefined;
  switch (setting) {
    case "tracking1Category":
    case "tracking2Category":
      return memberFault(value, names(org.tracking), "tracking category");
    case "roundingAccount":
      return memberFault(value, accountCodes(org), "account");
    case "roundingTaxType":
      return memberFault(value, taxTypes(org), "tax type");
    case "currencies":
      return (value ?? "")
        .split(",")
        .map((currency) => memberFault(currency.trim(), org.currencies, "currency"))
        .find((fault) => fault !== undefined);
    default:
      return `${setting} takes free text or a figure`;
  }
}

function outcomeFault(outcome: Outcome, { org }: Lists): string | undefined {
  switch (outcome.kind) {
    case "account":
      return memberFault(outcome.code, accountCodes(org), "account");
    case "payment":
      return memberFault(outcome.account, accountCodes(org), "account");
    case "taxType":
      return memberFault(outcome.taxType, taxTypes(org), "tax type");
    case "option":
      return memberFault(
        outcome.option,
        org.tracking.flatMap(({ options }) => options),
        "tracking option",
      );
    case "sharedContact":
      return "no free contact names";
    case "hold":
      return "no free reasons for a hold";
    case "theme":
      return "no branding themes, which are in no list";
    case "taxLiability":
    case "marketplaceTax":
      return (
        memberFault(outcome.account, accountCodes(org), "account") ??
        memberFault(outcome.taxType, taxTypes(org), "tax type")
      );
    case "bankTransaction":
      return (
        memberFault(outcome.bank, accountCodes(org), "account") ??
        memberFault(outcome.account, accountCodes(org), "account") ??
        memberFault(outcome.taxType, taxTypes(org), "tax type")
      );
    case "unit":
    case "perCompany":
    case "taxTypes":
    case "discount":
    case "organisationTheme":
    case "accept":
    case "nothing":
    case "unpaid":
    case "perCustomer":
    case "terms":
    case "status":
    case "noOption":
      return undefined;
    default:
      return never(outcome);
  }
}

/** Figures, dates and flags cannot carry text; a text condition must name something that the shop's lists hold. */
function conditionFault(condition: Condition, lists: Lists): string | undefined {
  if (!("value" in condition) && !("values" in condition)) return undefined;
  const values = "values" in condition ? condition.values : [condition.value];
  const known = listOf(condition.fact, lists);
  if (known === "figure") return undefined;
  if (known === undefined) return `no conditions on ${condition.fact}, whose values are in no list`;
  return values
    .map((value) => memberFault(value, known, condition.fact))
    .find((fault) => fault !== undefined);
}

function listOf(fact: Condition["fact"], { org, store }: Lists): readonly string[] | "figure" | undefined {
  switch (fact) {
    case "order.grandTotal":
    case "order.placedOn":
    case "line.taxRate":
      return "figure";
    case "order.storeView":
      return store.storeViews.map(({ code }) => code);
    case "order.website":
      return store.storeViews.flatMap(({ website }) => website ?? []);
    case "order.customerGroup":
      return names(store.customerGroups);
    case "order.customerTaxClass":
    case "line.taxClass":
      return [...names(store.taxClasses), ...store.customerGroups.flatMap(({ taxClass }) => taxClass ?? [])];
    case "line.categories":
      return names(store.categories);
    case "line.attributeSet":
      return names(store.attributeSets);
    case "line.part":
      return ["item", "fixedTax"];
    case "payment.method":
      return store.paymentMethods;
    case "order.currency":
      return org.currencies;
    default:
      return undefined;
  }
}

function memberFault(value: string | null, known: readonly string[], what: string): string | undefined {
  return value === null || known.includes(value)
    ? undefined
    : `${JSON.stringify(value.slice(0, 40))} is no ${what} of theirs`;
}

const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);
const accountCodes = (org: Org): string[] => org.accounts.flatMap(({ code }) => code ?? []);
const taxTypes = (org: Org): string[] => org.taxRates.map(({ taxType }) => taxType);
