/** Order -> ACCREC invoice: the rules decide accounts and tax types, the line algorithm the amounts. */
import { componentsOf } from "./components.ts";
import { invoiceRate } from "./currency-rate.ts";
import { addDays, endOfMonth, endOfNextMonth } from "./dates.ts";
import { invoiceDate } from "./document-dates.ts";
import type { Facts } from "./facts.ts";
import { givenAway } from "./gift-value.ts";
import type { Held } from "./hold.ts";
import { NO_ITEMS, type SectionItems } from "./item-links.ts";
import type { BookedLines, LineSettings, LineTarget } from "./line-shapes.ts";
import { bookLines, OVERRIDE_QUIET_CENTS } from "./lines.ts";
import { type DocumentDay, datedReference, dayLeaf, documentDay } from "./lock-dates.ts";
import { fillTemplate, type MappingSpec } from "./mapping.ts";
import { compareText, formatCents, sumOf } from "./money.ts";
import { type Check, compose, type Node, type PlannedDocument } from "./plan.ts";
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
} from "./plan-input.ts";
import { lineNodes } from "./plan-line-nodes.ts";
import { type DecidedComponent, decideAll, decideDiscount } from "./plan-line-rules.ts";
import { err, ok, type Result } from "./result.ts";
import { orderFacts, templateValue } from "./sale-facts.ts";
import { itemSteps, newItems, partNodes } from "./section-items.ts";
import type { Section } from "./sections.ts";
import { treatTax } from "./tax-treatment.ts";
import { type DecidedTender, decideTenders, tenderDiscounts } from "./tenders.ts";
import { vatNumberOf } from "./vat-number.ts";

const REFERENCE_MAX = 255;

export type InvoicePlan = {
  readonly document: PlannedDocument;
  /** Items that are made before it. */
  readonly items: readonly PlannedDocument[];
  readonly checks: readonly Check[];
  readonly totalCents: bigint;
  /** Of what the customer paid: tax that a marketplace keeps and remits, so that it never arrives. */
  readonly withheldCents: bigint;
  readonly tenders: readonly DecidedTender[];
  readonly status: "DRAFT" | "AUTHORISED";
  /** A draft because its period is locked: its payments wait with it, and nothing else does. */
  readonly draftForLock: boolean;
  readonly warnings: readonly string[];
};

/** One invoice for a section of the order: the whole, or one store invoice. */
export function planInvoice(
  order: PlanInput,
  section: Section,
  items: SectionItems = NO_ITEMS,
): Result<InvoicePlan, Held> {
  const input = { ...order, sale: section.sale };
  const vatNumber = vatNumberOf(input.sale, input.org);
  if (vatNumber.held !== undefined) return err(vatNumber.held);
  const booked = bookSection(input, order, section, items);
  if (!booked.ok) return booked;
  const { decided, target, lines } = booked.value;
  const movesStock = decided.some(({ tracked }) => tracked) || items.parts.length > 0;
  const isFree = target.totalCents === 0n && !movesStock;
  if (isFree && input.spec.settings.zeroTotals === "skip") return err(costsNothing);
  const warnings = [
    ...vatNumber.warnings,
    ...lineWarnings(lines, input),
    ...givenAway(input, target.totalCents),
    ...items.warnings,
  ];
  return composeInvoice({ input, section, items, ...booked.value, warnings });
}

type BookedSection = Pick<
  InvoiceParts,
  "decided" | "lines" | "discount" | "target" | "withheldCents" | "tenders"
>;

/** What the section is made of, what the rules say about each part, and the lines that this gives. */
function bookSection(
  input: PlanInput,
  order: PlanInput,
  section: Section,
  items: SectionItems,
): Result<BookedSection, Held> {
  const { sale, spec, org } = input;
  const parts = componentsOf(sale, spec.settings.roundingLimit, section.base);
  if (!parts.ok) return parts;
  const treated = treatTax(input, parts.value, orderFacts(sale, org.timezone));
  if (!treated.ok) return treated;
  const { untaxed, extras, withheldCents, parts: taxed } = treated.value;
  const tenders = decideTenders(order, section);
  if (!tenders.ok) return tenders;
  const points = tenderDiscounts(input, tenders.value);
  if (!points.ok) return points;
  const decided = decideAll(taxed.components, input, untaxed, items);
  if (!decided.ok) return decided;
  const discount = decideDiscount(input);
  if (!discount.ok) return discount;
  const target: LineTarget = {
    totalCents: taxed.totalCents + sumOf(points.value.map(({ amountCents }) => amountCents)),
    taxCents: taxed.taxCents,
    residualCents: parts.value.residualCents,
    extras: [...extras, ...points.value],
  };
  const settings = lineSettings(spec, untaxed === null, discount.value?.outcome.code ?? null);
  const lines = bookLines(decided.value, target, settings);
  if (!lines.ok) return lines;
  return ok({
    decided: decided.value,
    lines: lines.value,
    discount: discount.value,
    target,
    withheldCents,
    tenders: tenders.value,
  });
}

const lineSettings = (
  { settings }: MappingSpec,
  isTaxed: boolean,
  discountAccount: string | null,
): LineSettings => ({
  mode: isTaxed ? settings.lineAmountTypes : "NoTax",
  taxAmounts: isTaxed ? settings.taxAmounts : "whereDifferent",
  discounts: settings.discounts,
  discountAccount,
  zeroLines: settings.zeroLines,
  linesMax: Number(settings.linesMax),
  rounding: {
    account: settings.roundingAccount,
    taxType: settings.roundingTaxType,
    limit: settings.roundingLimit,
  },
});

/** Facts/accounting.md 4.2 step 9 and DISC-08. */
const lineWarnings = ({ overrideCents, discountOutside }: BookedLines, { org }: PlanInput): string[] => [
  ...(overrideCents > OVERRIDE_QUIET_CENTS
    ? [`taxAdjusted: tax is stated on lines, ${formatCents(overrideCents)} in all`]
    : []),
  ...(discountOutside && org.country !== "US"
    ? ["taxBeforeDiscount: the store taxed the price before the discount, which normally lowers the tax"]
    : []),
];

type InvoiceParts = {
  readonly input: PlanInput;
  readonly section: Section;
  readonly items: SectionItems;
  readonly decided: readonly DecidedComponent[];
  readonly lines: BookedLines;
  readonly discount: Decided<"account"> | null;
  readonly target: LineTarget;
  readonly withheldCents: bigint;
  readonly tenders: readonly DecidedTender[];
  readonly warnings: readonly string[];
};

/** From which day the days of the terms count. */
const TERMS_START = { invoiceDate: (date: string) => date, endOfMonth, endOfNextMonth } as const;

function composeInvoice(parts: InvoiceParts): Result<InvoicePlan, Held> {
  const { input, section, lines, target, withheldCents, warnings } = parts;
  const { spec, org, sale } = input;
  const facts = orderFacts(sale, org.timezone);
  const status = decideFor(spec, "invoiceStatus", facts, "/state", ["status"]);
  if (!status.ok) return status;
  const dates = dateNodes(input, section, facts);
  if (!dates.ok) return dates;
  const { day, nodes } = dates.value;
  const rate = invoiceRate(input);
  if (!rate.ok) return rate;
  const theme = themeNode(spec, facts);
  if (!theme.ok) return theme;
  const number = spec.settings.numberPrefix + section.number;
  const tree: { [key: string]: Node | undefined } = {
    Type: fixed("ACCREC", "a sale is an accounts receivable invoice"),
    Contact: { ContactID: fromReceipt(CONTACT_STEP, "ContactID") },
    InvoiceNumber: numberNode(number, section),
    Reference: referenceNode(input, section, day),
    ...nodes,
    LineAmountTypes: lineAmountTypes(spec, lines),
    CurrencyCode: fromSource(sale.currency, "/currency"),
    CurrencyRate: rate.value,
    BrandingThemeID: theme.value,
    Status: day.asDraft
      ? fromSetting("DRAFT", "lockedPeriod")
      : { leaf: status.value.outcome.status, from: status.value.from },
    LineItems: [
      ...lineNodes(lines.lines, parts.decided, input, parts.discount),
      ...partNodes(parts.items, parts.decided, input),
    ],
  };
  return ok({
    document: invoiceDocument(section, number, tree, itemSteps(parts.items)),
    items: newItems(parts.items, parts.decided, input),
    status: day.asDraft ? "DRAFT" : status.value.outcome.status,
    draftForLock: day.asDraft,
    totalCents: lines.totalCents,
    withheldCents,
    tenders: parts.tenders,
    checks: checksOf(section, lines, target),
    warnings: [...warnings, ...lockWarnings(number, day)],
  });
}

const lockWarnings = (number: string, { asDraft, movedFrom }: DocumentDay): string[] =>
  asDraft ? [`lockedPeriod: ${number} of ${movedFrom} is a draft; its payments wait for a person`] : [];

const numberNode = (number: string, { storeInvoice, base }: Section): Node =>
  storeInvoice === null
    ? computed(number, "number prefix and order number", ["/source/number"])
    : computed(number, "number prefix and store invoice number", [`${base}/number`]);

function referenceNode(input: PlanInput, section: Section, day: DocumentDay): Node {
  const { sale, spec, org } = input;
  const fill = templateValue({
    sale,
    timezone: org.timezone,
    contactNumber: contactNumber(input),
    invoiceNumber: section.number,
  });
  const text = fillTemplate(spec.fields.invoiceReference, fill);
  return fromField(datedReference(text, day, REFERENCE_MAX), "invoiceReference");
}

/** The day of the event that the mapping names, and the day that the terms give for it. */
function dateNodes(
  input: PlanInput,
  section: Section,
  facts: Facts,
): Result<{ readonly day: DocumentDay; readonly nodes: { readonly [key: string]: Node } }, Held> {
  const terms = decideFor(input.spec, "terms", facts, "/placedAt", ["terms"]);
  if (!terms.ok) return terms;
  const dated = invoiceDate(input, section);
  if (!dated.ok) return dated;
  const { date, event, path } = dated.value;
  const { days, from } = terms.value.outcome;
  const day = documentDay(date, input);
  const due = addDays(TERMS_START[from](date), days);
  return ok({
    day,
    nodes: {
      Date: dayLeaf(day, `${event} in the organisation's time zone`, [path]),
      // Nothing is due before it is dated; the days of the terms count from the sale all the same.
      DueDate: { leaf: laterOf(due, day.date), from: terms.value.from },
    },
  });
}

/** Calendar dates compare as text. */
const laterOf = (a: string, b: string): string => [a, b].sort(compareText).at(-1) ?? a;

const lineAmountTypes = ({ settings }: MappingSpec, { mode }: BookedLines): Node =>
  mode === "NoTax"
    ? fixed(mode, "the tax is a line of its own, by table taxTreatment")
    : fromSetting(settings.lineAmountTypes, "lineAmountTypes");

/** The organisation's own theme is what Xero takes when none is named. */
function themeNode(spec: MappingSpec, facts: Facts): Result<Node | undefined, Held> {
  const theme = decideFor(spec, "brandingTheme", facts, "/", ["theme", "organisationTheme"]);
  if (!theme.ok) return theme;
  const { outcome, from } = theme.value;
  return ok(outcome.kind === "theme" ? { leaf: outcome.brandingTheme, from } : undefined);
}

const invoiceDocument = (
  { step, identity }: Section,
  number: string,
  tree: { [key: string]: Node | undefined },
  made: readonly string[],
): PlannedDocument => ({
  step,
  after: [CONTACT_STEP, ...made],
  resource: "Invoices",
  method: "PUT",
  identity: { kind: "invoice", ...identity, part: "", generation: 1 },
  lookup: { by: "InvoiceNumber", value: number },
  ...compose(tree),
});

function checksOf({ step, sale: { currency } }: Section, lines: BookedLines, target: LineTarget): Check[] {
  const check = (name: "total" | "tax", expected: bigint, actual: bigint): Check => ({
    step,
    name,
    expected: formatCents(expected),
    actual: formatCents(actual),
    currency,
  });
  return [check("total", target.totalCents, lines.totalCents), check("tax", target.taxCents, lines.taxCents)];
}

const costsNothing: Held = {
  hold: "nothingToPost",
  field: "grand_total",
  detail: "The order costs nothing, and the mapping skips such orders.",
  action: "Nothing to do; set zeroTotals to post if they should be invoices of 0.00.",
};
