/** Order -> ACCREC invoice: the rules decide accounts and tax types, the line algorithm the amounts. */
import { type Component, componentsOf } from "./components.ts";
import { addDays, endOfMonth, endOfNextMonth, localDate } from "./dates.ts";
import type { FactName } from "./facts.ts";
import type { Held } from "./hold.ts";
import { type Booked, type BookedLine, type BookedLines, bookLines, type LineTarget } from "./lines.ts";
import { fillTemplate, type TableName } from "./mapping.ts";
import { formatCents, formatE4, parseE4 } from "./money.ts";
import { taxRateByType } from "./org.ts";
import { type Check, compose, type Lineage, type Node, type PlannedDocument } from "./plan.ts";
import { CONTACT_STEP, contactNumber } from "./plan-contact.ts";
import {
  computed,
  type Decided,
  decideFor,
  fixed,
  fromField,
  fromReceipt,
  fromSetting,
  fromSource,
  type PlanInput,
  ruleNames,
} from "./plan-input.ts";
import { err, ok, type Result } from "./result.ts";
import { chargeFacts, cutText, lineFacts, orderFacts, plainQuantity, templateValue } from "./sale-facts.ts";
import { pointerOf } from "./shapes.ts";
import { taxFits } from "./tax-fit.ts";
import { trackingNodes } from "./tracking.ts";

export const INVOICE_STEP = "invoice";
const REFERENCE_MAX = 255;
const DESCRIPTION_MAX = 4_000;
/** Magento's product type of gift cards. */
const GIFT_CARD = "giftcard";
/** Facts/accounting.md 4.2 step 9: from here on a stated tax is worth a warning on the record. */
const OVERRIDE_QUIET_CENTS = 5n;

export type InvoicePlan = {
  readonly document: PlannedDocument;
  readonly checks: readonly Check[];
  readonly totalCents: bigint;
  readonly status: "DRAFT" | "AUTHORISED";
  readonly warnings: readonly string[];
};

/** A component with the decisions about it; `from` of each is the lineage of its leaf. */
type DecidedComponent = Booked & {
  readonly account: Lineage;
  readonly tax: Lineage;
  readonly tracking: readonly Node[];
};

export function planInvoice(input: PlanInput): Result<InvoicePlan, Held> {
  const { sale, spec } = input;
  const parts = componentsOf(sale, spec.settings.roundingLimit);
  if (!parts.ok) return parts;
  const decided = decideAll(parts.value.components, input);
  if (!decided.ok) return decided;
  const discount = decideDiscount(input);
  if (!discount.ok) return discount;
  const { settings } = spec;
  const lines = bookLines(decided.value, parts.value, {
    mode: settings.lineAmountTypes,
    taxAmounts: settings.taxAmounts,
    discounts: settings.discounts,
    discountAccount: discount.value?.outcome.code ?? null,
    rounding: {
      account: settings.roundingAccount,
      taxType: settings.roundingTaxType,
      limit: settings.roundingLimit,
    },
  });
  if (!lines.ok) return lines;
  return composeInvoice({
    input,
    decided: decided.value,
    lines: lines.value,
    discount: discount.value,
    target: parts.value,
  });
}

type InvoiceParts = {
  readonly input: PlanInput;
  readonly decided: readonly DecidedComponent[];
  readonly lines: BookedLines;
  readonly discount: Decided<"account"> | null;
  readonly target: LineTarget;
};

/** From which day the days of the terms count. */
const TERMS_START = { invoiceDate: (date: string) => date, endOfMonth, endOfNextMonth } as const;

function composeInvoice({
  input,
  decided,
  lines,
  discount,
  target,
}: InvoiceParts): Result<InvoicePlan, Held> {
  const { sale, spec, org } = input;
  const facts = orderFacts(sale, org.timezone);
  const terms = decideFor(spec, "terms", facts, "/placedAt", ["terms"]);
  if (!terms.ok) return terms;
  const status = decideFor(spec, "invoiceStatus", facts, "/state", ["status"]);
  if (!status.ok) return status;
  const rate = currencyRate(input);
  if (!rate.ok) return rate;
  const date = localDate(sale.placedAt, org.timezone);
  const { days, from } = terms.value.outcome;
  const due = addDays(TERMS_START[from](date), days);
  const fill = templateValue({ sale, timezone: org.timezone, contactNumber: contactNumber(input) });
  const number = spec.settings.numberPrefix + sale.source.number;
  const byKey = new Map(decided.map((entry) => [entry.component.key, entry]));
  const tree: { [key: string]: Node | undefined } = {
    Type: fixed("ACCREC", "a sale is an accounts receivable invoice"),
    Contact: { ContactID: fromReceipt(CONTACT_STEP, "ContactID") },
    InvoiceNumber: computed(number, "number prefix and order number", ["/source/number"]),
    Reference: fromField(
      cutText(fillTemplate(spec.fields.invoiceReference, fill), REFERENCE_MAX),
      "invoiceReference",
    ),
    Date: computed(date, "order date in the organisation's time zone", ["/placedAt"]),
    DueDate: { leaf: due, from: terms.value.from },
    LineAmountTypes: fromSetting(spec.settings.lineAmountTypes, "lineAmountTypes"),
    CurrencyCode: fromSource(sale.currency, "/currency"),
    CurrencyRate: rate.value,
    Status: { leaf: status.value.outcome.status, from: status.value.from },
    LineItems: lines.lines.map((line) => lineNode(line, byKey, input, discount)),
  };
  const invoiceStatus = status.value.outcome.status;
  return ok({
    document: invoiceDocument(input, number, tree),
    status: invoiceStatus,
    ...outcomeOf(input, lines, target),
  });
}

const invoiceDocument = (
  { sale }: PlanInput,
  number: string,
  tree: { [key: string]: Node | undefined },
): PlannedDocument => ({
  step: INVOICE_STEP,
  after: [CONTACT_STEP],
  resource: "Invoices",
  method: "PUT",
  identity: { kind: "invoice", sourceType: "order", sourceId: sale.source.id, part: "", generation: 1 },
  lookup: { by: "InvoiceNumber", value: number },
  ...compose(tree),
});

function outcomeOf(
  { sale }: PlanInput,
  lines: BookedLines,
  target: LineTarget,
): Pick<InvoicePlan, "checks" | "totalCents" | "warnings"> {
  const { currency } = sale;
  const adjusted = lines.overrideCents > OVERRIDE_QUIET_CENTS;
  return {
    totalCents: lines.totalCents,
    checks: [
      {
        name: "total",
        expected: formatCents(target.totalCents),
        actual: formatCents(lines.totalCents),
        currency,
      },
      { name: "tax", expected: formatCents(target.taxCents), actual: formatCents(lines.taxCents), currency },
    ],
    warnings: adjusted
      ? [`taxAdjusted: tax is stated on lines, ${formatCents(lines.overrideCents)} in all`]
      : [],
  };
}

function decideAll(components: readonly Component[], input: PlanInput): Result<DecidedComponent[], Held> {
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

function decideDiscount({ sale, spec, org }: PlanInput): Result<Decided<"account"> | null, Held> {
  if (spec.settings.discounts === "net") return ok(null);
  return decideFor(spec, "discountAccount", orderFacts(sale, org.timezone), "/lines", ["account"]);
}

function lineNode(
  line: BookedLine,
  byKey: ReadonlyMap<string, DecidedComponent>,
  input: PlanInput,
  discount: Decided<"account"> | null,
): Node {
  const decided = line.component === null ? undefined : byKey.get(line.component.key);
  const path = line.component?.path ?? "/totals/grandTotal";
  const by = "line algorithm: cents by largest remainder to the order total";
  const account =
    line.kind === "discount"
      ? discount?.from
      : line.kind === "rounding"
        ? settingAt("roundingAccount")
        : decided?.account;
  // A discount outside of tax has the type of the setting, not that of the line it lowers.
  const tax = line.taxType === decided?.taxType ? decided.tax : settingAt("roundingTaxType");
  return {
    Description: describe(line, input),
    Quantity: computed(
      plainQuantity(line.quantityE4),
      "quantity, or 1 where the unit price would lie on half a cent",
      [path],
    ),
    UnitAmount: computed(formatE4(line.unitE4), by, [path]),
    LineAmount: computed(formatCents(line.amountCents), by, [path, "/totals/grandTotal"]),
    TaxAmount: line.sendsTax
      ? computed(formatCents(line.taxCents), "tax reconciled per TaxType", [path, "/totals/tax"])
      : undefined,
    TaxType: { leaf: line.taxType, from: tax },
    AccountCode: { leaf: line.accountCode, from: account ?? settingAt("roundingAccount") },
    Tracking: decided !== undefined && decided.tracking.length > 0 ? decided.tracking : undefined,
  };
}

const settingAt = (setting: string): Lineage => ({ from: "spec", path: pointerOf("settings", setting) });

function describe(line: BookedLine, input: PlanInput): Node {
  const { sale, spec, org } = input;
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
  return fromField(cutText(`${quantity}${text}${suffix}`, DESCRIPTION_MAX), field);
}

function currencyRate({ sale, spec, org }: PlanInput): Result<Node | undefined, Held> {
  if (spec.settings.rateFrom === "xero" || sale.currency === org.baseCurrency) return ok(undefined);
  // Units of the document's currency for one unit of the ledger's; the store's rate only says that for its own base currency.
  if (
    sale.baseCurrency === org.baseCurrency &&
    sale.storeRate !== null &&
    (parseE4(sale.storeRate) ?? 0n) > 0n
  ) {
    return ok(fromSource(sale.storeRate, "/storeRate"));
  }
  return err({
    hold: "currencyRateMissing",
    field: "base_to_order_rate",
    detail: `The store gives no rate from ${org.baseCurrency} to ${sale.currency}.`,
    action: "Let Xero choose the rate (setting rateFrom), or correct the order's rate.",
  });
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
