/** Lines as the ledger takes them: text, quantity, amounts and codes, each with its lineage. */
import type { BookedLine } from "./line-shapes.ts";
import { fillTemplate } from "./mapping.ts";
import { formatCents, formatE4 } from "./money.ts";
import type { Lineage, Node } from "./plan.ts";
import { computed, type Decided, fixed, fromField, type PlanInput } from "./plan-input.ts";
import type { DecidedComponent } from "./plan-line-rules.ts";
import { cutText, plainQuantity, templateValue } from "./sale-facts.ts";
import { pointerOf } from "./shapes.ts";

const DESCRIPTION_MAX = 4_000;

export function lineNodes(
  lines: readonly BookedLine[],
  decided: readonly DecidedComponent[],
  input: PlanInput,
  discount: Decided<"account"> | null,
  totals = "/totals",
): Node[] {
  const byKey = new Map(decided.map((entry) => [entry.component.key, entry]));
  return lines.map((line) => lineNode(line, byKey, input, discount, totals));
}

function lineNode(
  line: BookedLine,
  byKey: ReadonlyMap<string, DecidedComponent>,
  input: PlanInput,
  discount: Decided<"account"> | null,
  totals: string,
): Node {
  const decided = line.component === null ? undefined : byKey.get(line.component.key);
  const by = "line algorithm: cents by largest remainder to the order total";
  const paths = line.paths;
  const { account, tax } = lineageOf(line, decided, discount);
  return {
    Description: describe(line, input),
    Quantity: computed(
      plainQuantity(line.quantityE4),
      "quantity, or 1 where the unit price would lie on half a cent",
      paths,
    ),
    UnitAmount: computed(formatE4(line.unitE4), by, paths),
    LineAmount: computed(formatCents(line.amountCents), by, [...new Set([...paths, `${totals}/grandTotal`])]),
    TaxAmount: line.sendsTax
      ? computed(formatCents(line.taxCents), "tax reconciled per TaxType", [...paths, `${totals}/tax`])
      : undefined,
    TaxType: { leaf: line.taxType, from: tax },
    AccountCode: { leaf: line.accountCode, from: account },
    ItemCode: line.kind === "item" && line.count === 1 ? decided?.item : undefined,
    Tracking: decided !== undefined && decided.tracking.length > 0 ? decided.tracking : undefined,
  };
}

/** Where the account and the tax type of a line come from. */
function lineageOf(
  { kind, extra, taxType }: BookedLine,
  decided: DecidedComponent | undefined,
  discount: Decided<"account"> | null,
): { readonly account: Lineage; readonly tax: Lineage } {
  if (extra !== null) return extra;
  const byRounding = { account: settingAt("roundingAccount"), tax: settingAt("roundingTaxType") };
  const account = kind === "discount" ? discount?.from : decided?.account;
  return {
    account: account ?? byRounding.account,
    // A discount outside of tax has the type of the setting, not that of the line it lowers.
    tax: taxType === decided?.taxType ? decided.tax : byRounding.tax,
  };
}

const settingAt = (setting: string): Lineage => ({ from: "spec", path: pointerOf("settings", setting) });

function describe(line: BookedLine, input: PlanInput): Node {
  const { sale, spec, org } = input;
  if (line.count > 1) return fixed(`${line.count} lines`, "more lines than linesMax are added up");
  if (line.extra !== null) return fixed(line.extra.text, "a line that is no part of what was sold");
  if (line.kind === "rounding") return fixed("Rounding", "the unnamed rest of the order total");
  if (line.kind === "discount") return fixed("Discount", "what the list prices exceed the prices charged");
  if (line.kind === "fee" || line.component === null)
    return fixed("Additional charge", "a named total of the order");
  const saleLine = line.kind === "shipping" ? undefined : sale.lines[line.component.index];
  const value = templateValue({
    sale,
    timezone: org.timezone,
    contactNumber: "",
    ...(saleLine && { line: saleLine }),
  });
  const field = line.kind === "shipping" ? "shippingDescription" : "lineDescription";
  const text = fillTemplate(spec.fields[field], value) || (line.kind === "shipping" ? "Shipping" : "Item");
  const quantity = line.keepsQuantity ? "" : `${plainQuantity(line.component.quantityE4)} x `;
  const suffix = line.kind === "fixedTax" ? " (fixed product tax)" : "";
  const whole = `${quantity}${text}${suffix}`;
  const shown = whole.length > DESCRIPTION_MAX ? `${cutText(whole, DESCRIPTION_MAX - 1)}…` : whole;
  return fromField(shown, field);
}
