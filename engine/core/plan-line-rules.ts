/** The rules about each part of a document: its account, its tax type, its tracking options. */
import type { Component } from "./components.ts";
import type { FactName, Facts } from "./facts.ts";
import type { Held } from "./hold.ts";
import { NO_ITEMS, type SectionItems } from "./item-links.ts";
import type { Booked } from "./line-shapes.ts";
import type { TableName } from "./mapping.ts";
import { formatE4, parseE4 } from "./money.ts";
import { taxRateByType } from "./org.ts";
import type { Lineage, Node } from "./plan.ts";
import { type Decided, decideFor, type PlanInput, ruleNames } from "./plan-input.ts";
import { codeLeaf } from "./plan-item.ts";
import { err, ok, type Result } from "./result.ts";
import type { CanonicalSale, SaleLine } from "./sale.ts";
import { chargeFacts, cleanText, lineFacts, orderFacts, plainQuantity, sourceOf } from "./sale-facts.ts";
import { taxFits } from "./tax-fit.ts";
import type { Untaxed } from "./tax-treatment.ts";
import { trackingNodes } from "./tracking.ts";

/** Magento's product type of gift cards. */
const GIFT_CARD = "giftcard";

/** A component with the decisions about it; `from` of each is the lineage of its leaf. */
export type DecidedComponent = Booked & {
  readonly account: Lineage;
  readonly tax: Lineage;
  readonly tracking: readonly Node[];
  /** The ledger's item of the line, where it names one. */
  readonly item?: Node;
};

/** `untaxed` is the tax type of every line where the tax is booked apart from them. */
export function decideAll(
  components: readonly Component[],
  input: PlanInput,
  untaxed: Untaxed | null = null,
  items: SectionItems = NO_ITEMS,
): Result<DecidedComponent[], Held> {
  const decided: DecidedComponent[] = [];
  const order = orderFacts(input.sale, input.org.timezone);
  for (const component of components) {
    const one = decideComponent(component, input, { untaxed, order });
    if (!one.ok) return one;
    decided.push({ ...one.value, ...itemOf(component, input, items) });
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

function decideComponent(
  component: Component,
  input: PlanInput,
  { untaxed, order }: { readonly untaxed: Untaxed | null; readonly order: Facts },
): Result<DecidedComponent, Held> {
  const { spec } = input;
  const facts = { ...order, ...partFacts(component, input) };
  const [accountTable] = TABLES_OF[component.kind];
  const account = decideFor(spec, accountTable, facts, component.path, ["account"]);
  if (!account.ok) return err(withPart(account.error, component, input));
  const tax = untaxed === null ? decideTax(component, input, facts) : ok({ ...untaxed, rateE4: 0n });
  if (!tax.ok) return tax;
  const fault = giftCardFault(component, input, "revenueAccount", account.value.ruleId);
  if (fault !== undefined) return err(fault);
  const tracking = trackingNodes(spec, facts, component.path);
  if (!tracking.ok) return tracking;
  const { taxType, rateE4, from } = tax.value;
  return ok({
    component,
    accountCode: account.value.outcome.code,
    taxType,
    rateE4,
    tracked: false,
    trackingKey: tracking.value.length === 0 ? "" : JSON.stringify(tracking.value),
    account: account.value.from,
    tax: from,
    tracking: tracking.value,
  });
}

type LineTax = { readonly taxType: string; readonly rateE4: bigint; readonly from: Lineage };

/** A tax type whose rate in the ledger is the one that the store charged. */
function decideTax(component: Component, input: PlanInput, facts: Facts): Result<LineTax, Held> {
  const [, taxTable] = TABLES_OF[component.kind];
  const tax = decideFor(input.spec, taxTable, facts, component.path, ["taxType"]);
  if (!tax.ok) return err(withPart(tax.error, component, input));
  const { taxType } = tax.value.outcome;
  const rate = taxRateByType(input.org, taxType);
  if (rate === undefined) return err(taxTypeUnknown(component.path, taxType));
  const rateE4 = parseE4(rate.rate) ?? 0n;
  const fault =
    rateFault(component, taxType, rateE4) ?? giftCardFault(component, input, "taxType", tax.value.ruleId);
  return fault === undefined ? ok({ taxType, rateE4, from: tax.value.from }) : err(fault);
}

/** Names what the rules found no answer for: the store's code of a total, or the rate of a line. */
function withPart(held: Held, { kind, rateE4, index }: Component, { sale }: PlanInput): Held {
  if (held.hold !== "ruleHolds" && held.hold !== "noRule") return held;
  const code = kind === "fee" ? sale.fees[index]?.code : undefined;
  const what = code === undefined ? `taxed at ${plainQuantity(rateE4)} %` : `the total "${cleanText(code)}"`;
  return { ...held, detail: `${held.detail} It is ${what}.` };
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
  table: "revenueAccount" | "taxType",
  ruleId: string,
): Held | undefined {
  if (kind !== "item" || sale.lines[index]?.productType !== GIFT_CARD) return undefined;
  return ruleNames(spec, table, ruleId, LINE_FACTS) ? undefined : giftCardWithoutRule(table, path);
}

function partFacts(component: Component, { sale }: PlanInput): Facts {
  const line = lineOf(component, sale);
  if (line !== undefined) return { ...lineFacts(line, component), "line.source": sourceOf(sale, line.id) };
  const fee = component.kind === "fee" ? { "fee.code": sale.fees[component.index]?.code ?? null } : {};
  return { ...chargeFacts(component), ...fee };
}

const lineOf = ({ kind, index }: Component, sale: CanonicalSale): SaleLine | undefined =>
  kind === "item" || kind === "fixedTax" ? sale.lines[index] : undefined;

/** An item that the ledger keeps in stock wants its exact quantity on the line. */
function itemOf(
  { kind, index, path }: Component,
  { sale }: PlanInput,
  { lines }: SectionItems,
): Pick<DecidedComponent, "tracked" | "item"> {
  const link = kind === "item" ? lines.get(sale.lines[index]?.id ?? "") : undefined;
  return link?.named ? { tracked: link.tracked, item: codeLeaf(link, path) } : { tracked: false };
}

/** The account of discount lines; where they are not asked for, none is needed and a table that holds stops nothing. */
export function decideDiscount({ sale, spec, org }: PlanInput): Result<Decided<"account"> | null, Held> {
  const decided = decideFor(spec, "discountAccount", orderFacts(sale, org.timezone), "/lines", ["account"]);
  return decided.ok || spec.settings.discounts === "visible" ? decided : ok(null);
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
