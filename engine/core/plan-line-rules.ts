/** The rules about each part of a document: its account, its tax type, its tracking options. */
import type { Component } from "./components.ts";
import type { FactName } from "./facts.ts";
import type { Held } from "./hold.ts";
import type { Booked } from "./lines.ts";
import type { TableName } from "./mapping.ts";
import { formatE4, parseE4 } from "./money.ts";
import { taxRateByType } from "./org.ts";
import type { Lineage, Node } from "./plan.ts";
import { type Decided, decideFor, type PlanInput, ruleNames } from "./plan-input.ts";
import { err, ok, type Result } from "./result.ts";
import { chargeFacts, lineFacts, orderFacts } from "./sale-facts.ts";
import { taxFits } from "./tax-fit.ts";
import { trackingNodes } from "./tracking.ts";

/** Magento's product type of gift cards. */
const GIFT_CARD = "giftcard";

/** A component with the decisions about it; `from` of each is the lineage of its leaf. */
export type DecidedComponent = Booked & {
  readonly account: Lineage;
  readonly tax: Lineage;
  readonly tracking: readonly Node[];
};

export function decideAll(
  components: readonly Component[],
  input: PlanInput,
): Result<DecidedComponent[], Held> {
  const decided: DecidedComponent[] = [];
  for (const component of components) {
    const one = decideComponent(component, input);
    if (!one.ok) return one;
    decided.push(one.value);
  }
  return ok(decided);
}

const TABLES_OF = {
  item: ["revenueAccount", "taxType"],
  fixedTax: ["revenueAccount", "taxType"],
  shipping: ["shippingAccount", "shippingTaxType"],
  fee: ["feeAccount", "feeTaxType"],
  rounding: ["feeAccount", "feeTaxType"],
} as const satisfies Record<Component["kind"], readonly [TableName, TableName]>;

function decideComponent(component: Component, input: PlanInput): Result<DecidedComponent, Held> {
  const { spec, org } = input;
  const facts = { ...orderFacts(input.sale, org.timezone), ...partFacts(component, input) };
  const [accountTable, taxTable] = TABLES_OF[component.kind];
  const account = decideFor(spec, accountTable, facts, component.path, ["account"]);
  if (!account.ok) return account;
  const tax = decideFor(spec, taxTable, facts, component.path, ["taxType"]);
  if (!tax.ok) return tax;
  const tracking = trackingNodes(spec, facts, component.path);
  if (!tracking.ok) return tracking;
  const taxType = tax.value.outcome.taxType;
  const rate = taxRateByType(org, taxType);
  if (rate === undefined) return err(taxTypeUnknown(component.path, taxType));
  const rateE4 = parseE4(rate.rate) ?? 0n;
  const fault =
    rateFault(component, taxType, rateE4) ??
    giftCardFault(component, input, { account: account.value.ruleId, tax: tax.value.ruleId });
  if (fault !== undefined) return err(fault);
  return ok({
    component,
    accountCode: account.value.outcome.code,
    taxType,
    rateE4,
    account: account.value.from,
    tax: tax.value.from,
    tracking: tracking.value,
  });
}

/** The rate of a fee is not listed, so its tax must be one that the chosen type gives. */
function rateFault(component: Component, taxType: string, rateE4: bigint): Held | undefined {
  if (component.kind !== "fee")
    return rateE4 === component.rateE4 ? undefined : rateDiffers(component, taxType, rateE4);
  const [net, tax] = [formatE4(component.listNetE4), formatE4(component.taxE4)];
  const fits = taxFits({ net, tax, discount: "0", discountTax: "0" }, rateE4, component.quantityE4);
  return fits ? undefined : feeTaxDiffers(component, taxType, rateE4);
}

/** Facts that tell one line from the others of its order. */
const LINE_FACTS: readonly FactName[] = [
  "line.sku",
  "line.productType",
  "line.taxClass",
  "line.attributeSet",
  "line.categories",
];

/** A gift card that is sold is a debt to whoever redeems it, outside of tax: never revenue by default. */
function giftCardFault(
  { kind, index, path }: Component,
  { sale, spec }: PlanInput,
  rules: { readonly account: string; readonly tax: string },
): Held | undefined {
  if (kind !== "item" || sale.lines[index]?.productType !== GIFT_CARD) return undefined;
  if (!ruleNames(spec, "revenueAccount", rules.account, LINE_FACTS))
    return giftCardWithoutRule("revenueAccount", path);
  return ruleNames(spec, "taxType", rules.tax, LINE_FACTS) ? undefined : giftCardWithoutRule("taxType", path);
}

function partFacts(component: Component, { sale }: PlanInput) {
  const line =
    component.kind === "item" || component.kind === "fixedTax" ? sale.lines[component.index] : undefined;
  if (line !== undefined) return lineFacts(line, component);
  const applied = component.kind === "shipping" ? (sale.shipping?.appliedTaxes ?? []) : [];
  const fee = component.kind === "fee" ? { "fee.code": sale.fees[component.index]?.code ?? null } : {};
  return {
    ...chargeFacts(
      component,
      applied.map(({ code }) => code),
    ),
    ...fee,
  };
}

export function decideDiscount({ sale, spec, org }: PlanInput): Result<Decided<"account"> | null, Held> {
  if (spec.settings.discounts === "net") return ok(null);
  return decideFor(spec, "discountAccount", orderFacts(sale, org.timezone), "/lines", ["account"]);
}

const taxTypeUnknown = (field: string, taxType: string): Held => ({
  hold: "taxTypeUnknown",
  field,
  detail: `The organisation has no tax type ${taxType}.`,
  action: "Choose a tax type of the organisation in the mapping.",
});

const feeTaxDiffers = (component: Component, taxType: string, rateE4: bigint): Held => ({
  hold: "taxDiffersFromRate",
  field: component.path,
  detail: `The store charged tax of ${formatE4(component.taxE4)} on ${formatE4(component.listNetE4)}, which ${taxType} at ${formatE4(rateE4)} % does not give.`,
  action:
    "Set a tax type of the rate that was charged for this total in feeTaxType; a tax is never forced by a tax amount.",
});

const giftCardWithoutRule = (table: TableName, field: string): Held => ({
  hold: "noRule",
  field,
  detail: `The line sells a gift card; no rule of ${table} that decides it looks at the product.`,
  action: `Add a rule to ${table} for line.productType is ${GIFT_CARD}: a liability account, and a tax type outside of tax.`,
});

const rateDiffers = (component: Component, taxType: string, ledgerRateE4: bigint): Held => ({
  hold: "taxRateDiffers",
  field: component.path,
  detail: `The store charged ${formatE4(component.rateE4)} %, but ${taxType} is ${formatE4(ledgerRateE4)} % in Xero.`,
  action:
    "Add a tax type rule for this rate; a rate that Xero does not have is never forced by a tax amount.",
});
