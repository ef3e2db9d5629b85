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
import { lineNodes } from "./plan-line-nodes.ts";
import { type DecidedComponent, decideAll, decideDiscount } from "./plan-line-rules.ts";
import { err, ok, type Result } from "./result.ts";
import { chargeFacts, cutText, lineFacts, orderFacts, plainQuantity, templateValue } from "./sale-facts.ts";
import type { Section } from "./sections.ts";
import { pointerOf } from "./shapes.ts";
import { taxFits } from "./tax-fit.ts";
import { trackingNodes } from "./tracking.ts";

const REFERENCE_MAX = 255;
/** Facts/accounting.md 4.2 step 9: from here on a stated tax is worth a warning on the record. */
const OVERRIDE_QUIET_CENTS = 5n;

export type InvoicePlan = {
  readonly document: PlannedDocument;
  readonly checks: readonly Check[];
  readonly totalCents: bigint;
  readonly status: "DRAFT" | "AUTHORISED";
  readonly warnings: readonly string[];
};

/** One invoice for a section of the order: the whole, or one store invoice. */
export function planInvoice(order: PlanInput, section: Section): Result<InvoicePlan, Held> {
  const input = { ...order, sale: section.sale };
  const { sale, spec } = input;
  const parts = componentsOf(sale, spec.settings.roundingLimit, section.base);
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
    section,
    decided: decided.value,
    lines: lines.value,
    discount: discount.value,
    target: parts.value,
  });
}

type InvoiceParts = {
  readonly input: PlanInput;
  readonly section: Section;
  readonly decided: readonly DecidedComponent[];
  readonly lines: BookedLines;
  readonly discount: Decided<"account"> | null;
  readonly target: LineTarget;
};

/** From which day the days of the terms count. */
const TERMS_START = { invoiceDate: (date: string) => date, endOfMonth, endOfNextMonth } as const;

function composeInvoice({
  input,
  section,
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
  const number = spec.settings.numberPrefix + section.number;
  const tree: { [key: string]: Node | undefined } = {
    Type: fixed("ACCREC", "a sale is an accounts receivable invoice"),
    Contact: { ContactID: fromReceipt(CONTACT_STEP, "ContactID") },
    InvoiceNumber: computed(
      number,
      section.storeInvoice === null
        ? "number prefix and order number"
        : "number prefix and store invoice number",
      [section.storeInvoice === null ? "/source/number" : `${section.base}/number`],
    ),
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
    LineItems: lineNodes(lines.lines, decided, input, discount),
  };
  const invoiceStatus = status.value.outcome.status;
  return ok({
    document: invoiceDocument(section, number, tree),
    status: invoiceStatus,
    ...outcomeOf(input, lines, target),
  });
}

const invoiceDocument = (
  { step, identity }: Section,
  number: string,
  tree: { [key: string]: Node | undefined },
): PlannedDocument => ({
  step,
  after: [CONTACT_STEP],
  resource: "Invoices",
  method: "PUT",
  identity: { kind: "invoice", ...identity, part: "", generation: 1 },
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
