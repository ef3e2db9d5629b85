/**
 * MappingSpec: how a Magento sale becomes Xero documents. Settings, decision tables and field templates; plain JSON that
 * a model may draft, a person approves and the engine executes. It knows no tenant, so that it can be promoted.
 */
import { z } from "zod";
import { Condition } from "./facts.ts";
import { AccountCode, CalendarDate, Currency, Decimal, RuleId, TaxType } from "./shapes.ts";

/** What a rule may decide. Each table takes only some of these (TABLES). */
export const Outcome = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("account"), code: AccountCode }),
  z.strictObject({ kind: z.literal("taxType"), taxType: TaxType }),
  z.strictObject({ kind: z.literal("payment"), account: AccountCode.describe("bank or clearing account") }),
  z.strictObject({ kind: z.literal("unpaid") }),
  z.strictObject({ kind: z.literal("perCustomer") }),
  z.strictObject({ kind: z.literal("sharedContact"), name: z.string().min(1).max(255) }),
  z.strictObject({
    kind: z.literal("terms"),
    days: z.int().min(0).max(365),
    from: z.enum(["invoiceDate", "endOfMonth", "endOfNextMonth"]),
  }),
  z.strictObject({ kind: z.literal("status"), status: z.enum(["DRAFT", "AUTHORISED"]) }),
  z.strictObject({
    kind: z.literal("option"),
    option: z.string().min(1).max(100).describe("tracking option"),
  }),
  z.strictObject({ kind: z.literal("noOption") }),
  z.strictObject({
    kind: z.literal("unit"),
    unit: z
      .enum(["order", "storeInvoice", "daySummary"])
      .describe("one invoice per order, per store invoice, or a share of the day's summary"),
  }),
  z.strictObject({ kind: z.literal("perCompany") }),
  z.strictObject({ kind: z.literal("taxTypes") }),
  z.strictObject({
    kind: z.literal("taxLiability"),
    account: AccountCode.describe("sales tax payable"),
    taxType: TaxType.describe("of 0 %, for every line"),
  }),
  z.strictObject({
    kind: z.literal("marketplaceTax"),
    account: AccountCode.describe("tax that the marketplace collected and remits itself"),
    taxType: TaxType.describe("of 0 %, for every line"),
  }),
  z.strictObject({ kind: z.literal("discount") }),
  z.strictObject({ kind: z.literal("theme"), brandingTheme: z.guid() }),
  z.strictObject({ kind: z.literal("organisationTheme") }),
  z.strictObject({
    kind: z.literal("bankTransaction"),
    bank: AccountCode.describe("bank account that the money moves on"),
    account: AccountCode,
    taxType: TaxType,
  }),
  z.strictObject({ kind: z.literal("nothing") }),
  z.strictObject({ kind: z.literal("accept") }),
  z.strictObject({ kind: z.literal("hold"), reason: z.string().min(1).max(200) }),
]);
export type Outcome = z.infer<typeof Outcome>;
export type OutcomeKind = Outcome["kind"];

type TableRules = {
  readonly outcomes: readonly OutcomeKind[];
  readonly facts: "line" | "order" | "fee" | "refund" | "shipment";
  readonly about: string;
};

/** Every decision table, with what it may decide and which facts it may read: order facts always, those of its part besides. */
export const TABLES = {
  revenueAccount: { outcomes: ["account"], facts: "line", about: "account of an item line" },
  taxType: { outcomes: ["taxType"], facts: "line", about: "tax type of an item line" },
  shippingAccount: { outcomes: ["account"], facts: "order", about: "account of the shipping line" },
  shippingTaxType: { outcomes: ["taxType"], facts: "line", about: "tax type of the shipping line" },
  discountAccount: { outcomes: ["account"], facts: "order", about: "account of visible discount lines" },
  feeAccount: {
    outcomes: ["account"],
    facts: "fee",
    about: "account of surcharges, gift wrap and other named totals",
  },
  feeTaxType: { outcomes: ["taxType"], facts: "fee", about: "tax type of such a total" },
  payment: {
    outcomes: ["payment", "unpaid", "discount"],
    facts: "order",
    about: "where the money of an order is booked; reward points may be a discount instead",
  },
  refund: {
    outcomes: ["payment", "unpaid"],
    facts: "refund",
    about: "which account a refund leaves, by its destination; unpaid leaves the credit note open",
  },
  contact: {
    outcomes: ["perCustomer", "perCompany", "sharedContact"],
    facts: "order",
    about: "which contact an invoice is made out to",
  },
  terms: { outcomes: ["terms"], facts: "order", about: "when an invoice is due" },
  invoiceStatus: { outcomes: ["status"], facts: "order", about: "draft or authorised" },
  documentUnit: {
    outcomes: ["unit"],
    facts: "order",
    about: "one invoice per order, per store invoice, or a share of the day's summary",
  },
  taxTreatment: {
    outcomes: ["taxTypes", "taxLiability", "marketplaceTax"],
    facts: "order",
    about: "tax by tax types, as one liability line, or as tax that a marketplace has paid",
  },
  brandingTheme: {
    outcomes: ["theme", "organisationTheme"],
    facts: "order",
    about: "branding theme of the invoice",
  },
  carrierCost: {
    outcomes: ["bankTransaction", "nothing"],
    facts: "shipment",
    about: "what the carrier charged for a shipment, where the store knows it",
  },
  shippingFee: {
    outcomes: ["bankTransaction", "nothing"],
    facts: "shipment",
    about: "shipping revenue of a shipment that is not on an invoice",
  },
  tracking1: {
    outcomes: ["option", "noOption"],
    facts: "line",
    about: "option of the first tracking category",
  },
  tracking2: {
    outcomes: ["option", "noOption"],
    facts: "line",
    about: "option of the second tracking category",
  },
  acceptOrder: {
    outcomes: ["accept"],
    facts: "order",
    about: "orders that a person must look at first (hold), and those that are never unusual (accept)",
  },
} as const satisfies Record<string, TableRules>;
export type TableName = keyof typeof TABLES;
export const TableName = z.enum(Object.keys(TABLES) as [TableName, ...TableName[]]);

export const Rule = z.strictObject({
  id: RuleId,
  note: z.string().max(200),
  when: z.array(Condition).min(1).max(8),
  then: Outcome,
});
export type Rule = z.infer<typeof Rule>;

/** First match wins; no match has a stated outcome, and `null` means that the order is accepted (acceptOrder only). */
export const DecisionTable = z.strictObject({ rules: z.array(Rule).max(200), otherwise: Outcome.nullable() });
export type DecisionTable = z.infer<typeof DecisionTable>;

/** What specs of before a table was known mean by saying nothing: what the engine did then. */
const WITHOUT: Partial<Record<TableName, Outcome>> = {
  refund: { kind: "hold", reason: "No account is set for refunds to this destination." },
  documentUnit: { kind: "unit", unit: "order" },
  taxTreatment: { kind: "taxTypes" },
  brandingTheme: { kind: "organisationTheme" },
  carrierCost: { kind: "nothing" },
  shippingFee: { kind: "nothing" },
};

const tableSchema = (name: TableName) => {
  const otherwise = WITHOUT[name];
  return otherwise === undefined ? DecisionTable : DecisionTable.default({ rules: [], otherwise });
};

export const Settings = z.strictObject({
  lineAmountTypes: z.enum(["Inclusive", "Exclusive"]),
  taxAmounts: z.enum(["whereDifferent", "everyLine", "never"]),
  discounts: z
    .enum(["net", "visible"])
    .describe("inside the line amounts, or as negative lines per tax type"),
  numberPrefix: z
    .string()
    .max(10)
    .regex(/^[\x21-\x7e]*$/, "printable ASCII without spaces"),
  contactNumberPrefix: z
    .string()
    .max(10)
    .regex(/^[\x21-\x7e]*$/, "printable ASCII without spaces"),
  tracking1Category: z.string().max(100).nullable(),
  tracking2Category: z.string().max(100).nullable(),
  currencies: z.array(Currency).min(1).max(50),
  rateFrom: z.enum(["xero", "store"]),
  roundingLimit: Decimal.describe("largest unnamed residual that one rounding line may take"),
  roundingAccount: AccountCode.nullable(),
  roundingTaxType: TaxType.nullable(),
  cutOverDate: CalendarDate.nullable().describe("orders placed before it are not posted"),
  trigger: z.enum(["placed", "paid", "shipped", "complete"]).describe("when the sweep posts an order"),
  invoiceDate: z
    .enum(["placed", "invoiced", "paid", "shipped"])
    .default("placed")
    .describe("which event dates an invoice"),
  lockedPeriod: z
    .enum(["hold", "draft", "firstOpenDay"])
    .default("hold")
    .describe("a document that belongs into a locked period; the original date goes into its reference"),
  refundRate: z.enum(["invoice", "xero"]).default("invoice").describe("currency rate of credit notes"),
  adjustmentTax: z
    .enum(["proportional", "outside"])
    .default("proportional")
    .describe("tax inside an adjustment of a credit memo: split over the invoice's tax types, or none"),
  zeroTotals: z.enum(["post", "skip"]).default("post").describe("orders that cost nothing"),
  zeroLines: z.enum(["keep", "drop"]).default("keep").describe("lines that cost nothing"),
  items: z
    .enum(["none", "link", "create"])
    .default("none")
    .describe("item codes on lines: none, of items that the ledger has, or of items that are created first"),
  restock: z
    .enum(["asStore", "never"])
    .default("asStore")
    .describe("whether a credit note of a tracked item puts it back into stock"),
  shortStock: z
    .enum(["withoutItem", "hold"])
    .default("withoutItem")
    .describe("a tracked item that the ledger has too few of"),
  overpayments: z
    .enum(["hold", "overpayment"])
    .default("hold")
    .describe("money above what the invoice is due"),
  linesMax: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, "a count of 1 to 999")
    .default("200")
    .describe("invoices of more lines are collapsed per account, tax type and tracking"),
  summaryContact: z.string().min(1).max(255).default("Web sales"),
  costOfGoodsAccount: AccountCode.nullable().default(null),
  inventoryAccount: AccountCode.nullable().default(null).describe("null: items are not tracked"),
  stockAdjustmentAccount: AccountCode.nullable().default(null),
});
export type Settings = z.infer<typeof Settings>;
export type SettingName = keyof Settings;
export const SettingName = z.enum(Object.keys(Settings.shape) as [SettingName, ...SettingName[]]);

/** What a template may name. `{order.number}` or `{order.number|none}`, the second with a fallback for an empty value. */
export const TEMPLATE_FACTS = [
  "order.number",
  "order.storeView",
  "order.customerGroup",
  "order.coupon",
  "order.placedOn",
  "order.shippingMethod",
  "order.purchaseOrder",
  "invoice.number",
  "creditMemo.number",
  "shipment.number",
  "shipment.tracking",
  "payment.method",
  "payment.transaction",
  "customer.name",
  "customer.company",
  "customer.number",
  "line.sku",
  "line.name",
  "line.quantity",
  "line.options",
] as const;
export type TemplateFact = (typeof TEMPLATE_FACTS)[number];
const Template = z
  .string()
  .min(1)
  .max(400)
  .refine((text) => templateFaults(text).length === 0, {
    error: (issue) => templateFaults(String(issue.input)).join("; "),
  });

/** The optional target fields, each filled by a template: the closed list that the mapping canvas edits. */
export const Fields = z.strictObject({
  contactName: Template,
  invoiceReference: Template,
  lineDescription: Template,
  shippingDescription: Template,
  paymentReference: Template,
  creditNoteReference: Template.default("{order.number} {creditMemo.number}"),
  refundReference: Template.default("{order.number} {payment.transaction|refund}"),
  shipmentReference: Template.default("{order.number} {shipment.tracking|shipment}"),
});
export type Fields = z.infer<typeof Fields>;
export type FieldName = keyof Fields;
export const FieldName = z.enum(Object.keys(Fields.shape) as [FieldName, ...FieldName[]]);

export const MappingSpec = z.strictObject({
  format: z.literal(1),
  settings: Settings,
  tables: z.strictObject(
    Object.fromEntries(
      (Object.keys(TABLES) as TableName[]).map((name) => [name, tableSchema(name)]),
    ) as unknown as Record<TableName, typeof DecisionTable>,
  ),
  fields: Fields,
});
export type MappingSpec = z.infer<typeof MappingSpec>;

const SLOT = /\{([^{}|]*)(?:\|([^{}]*))?\}/g;

/** What is wrong with a template: an unknown fact or a stray brace. Empty when it is sound. */
export function templateFaults(template: string): string[] {
  const unknown = [...template.matchAll(SLOT)]
    .map(([, fact = ""]) => fact)
    .filter((fact) => !(TEMPLATE_FACTS as readonly string[]).includes(fact))
    .map((fact) => `{${fact}} is not a known field`);
  return /[{}]/.test(template.replace(SLOT, "")) ? [...unknown, "a brace is not closed"] : unknown;
}

/** Fills a template; an empty value takes its fallback. */
export const fillTemplate = (template: string, value: (fact: TemplateFact) => string | null): string =>
  template.replace(SLOT, (_, fact: string, fallback = "") => value(fact as TemplateFact) || fallback).trim();
