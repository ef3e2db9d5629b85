/** Would the ledger accept these lines? One hold for the first that it would refuse (facts/xero.md section 7). */
import { lineAccountFault, taxRateFault } from "./account-faults.ts";
import type { Held } from "./hold.ts";
import { parseE4 } from "./money.ts";
import { accountByCode, type Org, taxRateByType } from "./org.ts";
import type { Resource } from "./plan.ts";
import type { Json } from "./shapes.ts";
import { lineCents } from "./xero-arithmetic.ts";

/** Xero sets no hard limit; beyond this an invoice can no longer be opened in its editor (facts/accounting.md 1.1). */
const LINES_MAX = 500;
const TRACKING_MAX = 2;
const DESCRIPTION_MAX = 4_000;
/** Xero writes the customer's debt on an overpayment itself: its line names the receivables account and no tax. */
const OVERPAYMENT = "RECEIVE-OVERPAYMENT";

export function acceptLines(body: Json, resource: Resource, org: Org): Held | undefined {
  const lines = member(body, "LineItems");
  if (!Array.isArray(lines) || lines.length === 0) return nothingToPost;
  if (lines.length > LINES_MAX) return tooManyLines(lines.length);
  const isOverpayment = text(member(body, "Type")) === OVERPAYMENT;
  for (const [index, line] of lines.entries()) {
    const field = `/LineItems/${index}`;
    const held =
      acceptText(line, field) ??
      acceptArithmetic(line, field, resource) ??
      (isOverpayment ? undefined : acceptCodes(line, field, org)) ??
      acceptTracking(line, field, org);
    if (held !== undefined) return held;
  }
  return undefined;
}

function acceptText(line: Json, field: string): Held | undefined {
  const description = text(member(line, "Description"));
  if (description === "") return lineRefused(field, "Description", "has no description");
  return description.length > DESCRIPTION_MAX
    ? lineRefused(field, "Description", `has a description of more than ${DESCRIPTION_MAX} characters`)
    : undefined;
}

/** What we state must be what the ledger computes; a quantity is never negative, a discount never a field of its own. */
function acceptArithmetic(line: Json, field: string, resource: Resource): Held | undefined {
  const [quantity, unit, amount] = ["Quantity", "UnitAmount", "LineAmount"].map((key) =>
    parseE4(text(member(line, key))),
  );
  if (quantity !== undefined && quantity < 0n)
    return lineRefused(field, "Quantity", "has a negative quantity");
  if (quantity !== undefined && unit !== undefined && amount !== undefined) {
    const expected = lineCents(quantity, unit) * 100n;
    if (expected !== amount)
      return lineRefused(field, "LineAmount", "has an amount that is not quantity times unit amount");
  }
  if (member(line, "DiscountRate") !== null || member(line, "DiscountAmount") !== null)
    return lineRefused(field, "DiscountAmount", "has a discount field, which moves cents");
  return resource === "BankTransactions" && member(line, "TaxAmount") !== null
    ? lineRefused(field, "TaxAmount", "states a tax, which bank transactions do not take")
    : undefined;
}

function acceptCodes(line: Json, field: string, org: Org): Held | undefined {
  const code = text(member(line, "AccountCode"));
  const account = accountByCode(org, code);
  const fault = lineAccountFault(account);
  if (fault !== undefined || account === undefined)
    return accountRefused(`${field}/AccountCode`, code, fault ?? "does not exist");
  const taxType = text(member(line, "TaxType"));
  const at = `${field}/TaxType`;
  const rate = taxRateByType(org, taxType);
  if (rate === undefined) return taxTypeRefused("taxTypeUnknown", at, taxType, "does not exist");
  if (rate.status !== "ACTIVE") return taxTypeRefused("taxTypeNotUsable", at, taxType, "is not active");
  const unfit = taxRateFault(rate, account);
  return unfit === undefined
    ? undefined
    : taxTypeRefused("taxTypeNotUsable", at, taxType, `${unfit} (account ${code})`);
}

function acceptTracking(line: Json, field: string, org: Org): Held | undefined {
  const tracking = member(line, "Tracking");
  const entries = Array.isArray(tracking) ? tracking : [];
  if (entries.length > TRACKING_MAX)
    return lineRefused(field, "Tracking", `has more than ${TRACKING_MAX} tracking options`);
  for (const entry of entries) {
    const [category, option] = [text(member(entry, "Name")), text(member(entry, "Option"))];
    const known = org.tracking.find(({ name }) => name === category);
    if (!known?.options.includes(option)) return trackingUnknown(`${field}/Tracking`, category, option);
  }
  return undefined;
}

export const member = (value: Json | undefined, key: string): Json =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value[key] ?? null) : null;
export const text = (value: Json): string => (typeof value === "string" ? value : "");

const nothingToPost: Held = {
  hold: "nothingToPost",
  field: "items",
  detail: "The order has no items and no charges.",
  action: "Nothing is posted; check the order in Magento.",
};

const tooManyLines = (count: number): Held => ({
  hold: "tooManyLines",
  field: "items",
  detail: `The document would have ${count} lines; Xero cannot show more than ${LINES_MAX}.`,
  action: "Lower the setting linesMax so that lines are collapsed, split the order, or book it by hand.",
});

const lineRefused = (field: string, key: string, fault: string): Held => ({
  hold: "lineRefused",
  field: `${field}/${key}`,
  detail: `The line ${fault}; Xero would refuse it.`,
  action: "This is a fault of ours: report it with the order's number; nothing was posted.",
});

export const accountRefused = (field: string, code: string, fault: string): Held => ({
  hold: fault === "does not exist" ? "accountUnknown" : "accountNotUsable",
  field,
  detail: code === "" ? "No account is named." : `Account ${code} ${fault}.`,
  action: "Choose another account in the mapping, or change the account in Xero.",
});

const taxTypeRefused = (
  hold: "taxTypeUnknown" | "taxTypeNotUsable",
  field: string,
  taxType: string,
  fault: string,
): Held => ({
  hold,
  field,
  detail: taxType === "" ? "No tax type is named." : `Tax type ${taxType} ${fault}.`,
  action: "Choose another tax type in the mapping.",
});

const trackingUnknown = (field: string, category: string, option: string): Held => ({
  hold: "trackingUnknown",
  field,
  detail: `Tracking category "${category}" has no active option "${option}".`,
  action: "Add the option in Xero, or change the tracking rule.",
});
