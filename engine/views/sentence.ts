/** Why a number is what it is, in one sentence. Buyers' text never enters it: only codes, dates and amounts are spelled out. */
import { never } from "../core/assert.ts";
import type { MappingSpec } from "../core/mapping.ts";
import type { Lineage } from "../core/plan.ts";
import type { CanonicalSale } from "../core/sale.ts";
import type { Json } from "../core/shapes.ts";
import { magentoField } from "./magento-field.ts";

/** The mapping version that made a document; null when it is not known any more. */
export type Approval = {
  readonly version: number;
  readonly publishedBy: string;
  readonly publishedAt: string;
  readonly spec: MappingSpec;
};

export type SentenceInput = {
  readonly field: string;
  readonly value: Json;
  readonly lineage: Lineage;
  readonly specVersion: number;
  readonly approval: Approval | null;
  readonly sale: CanonicalSale | null;
};

export function renderSentence(input: SentenceInput): string {
  const { lineage, sale } = input;
  const subject = subjectOf(input.field, input.value);
  switch (lineage.from) {
    case "source":
      return `${subject}: the store's field ${magentoField(lineage.path, sale)}.`;
    case "rule":
      return lineage.ruleId === "otherwise"
        ? `${subject}: no rule of ${lineage.table} matched, so what it says otherwise, ${inMapping(input)}.`
        : `${subject}: rule «${lineage.ruleId}» of ${lineage.table} ${inMapping(input)}.`;
    case "spec":
      return `${subject}: ${specPart(lineage.path, input.approval)} ${inMapping(input)}.`;
    case "computed": {
      const inputs = [...new Set(lineage.inputs.map((path) => magentoField(path, sale)))];
      return `${subject}: ${lineage.by}; from ${inputs.join(" and ")}.`;
    }
    case "fixed":
      return `${subject}: ${lineage.why}.`;
    case "receipt":
      return input.value === null
        ? `${subject}: filled in with the ${lineage.field} that the ledger gives to the ${lineage.step}, which is not there yet.`
        : `${subject}: the ${lineage.field} that the ledger gave to the ${lineage.step}.`;
    default:
      return never(lineage);
  }
}

/** Fields whose values are codes, dates or amounts, with the word that people use for them. */
const CODED: Readonly<Record<string, string>> = {
  AccountCode: "Account",
  TaxType: "Tax type",
  TaxAmount: "Tax",
  LineAmount: "Line amount",
  UnitAmount: "Unit amount",
  Quantity: "Quantity",
  Amount: "Amount",
  CurrencyCode: "Currency",
  CurrencyRate: "Currency rate",
  LineAmountTypes: "Line amounts",
  Status: "Status",
  Type: "Type",
  Date: "Date",
  DueDate: "Due date",
  InvoiceNumber: "Invoice number",
  ContactNumber: "Contact number",
  ContactID: "Contact id",
  InvoiceID: "Invoice id",
  AddressType: "Address type",
};

function subjectOf(field: string, value: Json): string {
  const parts = field.split("/").slice(1);
  const name = parts.at(-1) ?? field;
  if (name === "Code" && parts.at(-2) === "Account") return `Account ${value}`;
  if (parts.includes("Tracking"))
    return name === "Option" ? `Tracking option ${value}` : `Tracking category ${value}`;
  const word = CODED[name];
  if (word === undefined) return wordsOf(name);
  return value === null ? word : `${word} ${value}`;
}

/** "EmailAddress" is "Email address". */
function wordsOf(name: string): string {
  const words = name.replaceAll(/(?<=[a-z])(?=[A-Z0-9])/g, " ").toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function specPart(path: string, approval: Approval | null): string {
  const [, section, name = ""] = path.split("/");
  if (section !== "fields") return `setting ${name}`;
  const template = approval?.spec.fields[name as keyof MappingSpec["fields"]];
  return template === undefined ? `template ${name}` : `template «${template}» of ${name}`;
}

function inMapping({ approval, specVersion }: SentenceInput): string {
  if (approval === null) return `in mapping version ${specVersion}`;
  const on = approval.publishedAt.slice(0, 10);
  return `in mapping version ${approval.version}, approved by ${approval.publishedBy} on ${on}`;
}
