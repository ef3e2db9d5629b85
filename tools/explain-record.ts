import { z } from "zod";
import type { Explanation } from "../engine/api.ts";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";
import { Include, Untrusted, untrusted } from "./untrusted.ts";
import { limitOf, OrderNumber } from "./views.ts";

/** Members of a ledger document whose value is a code, a date or an amount, and so never a buyer's text. */
const CODED = new Set([
  "AccountCode",
  "Amount",
  "Code",
  "ContactID",
  "CurrencyCode",
  "CurrencyRate",
  "Date",
  "DueDate",
  "InvoiceID",
  "InvoiceNumber",
  "LineAmount",
  "LineAmountTypes",
  "Option",
  "Quantity",
  "Status",
  "TaxAmount",
  "TaxType",
  "Type",
  "UnitAmount",
]);

export const RecordExplanation = z.object({
  order: z.string(),
  fields: z.array(
    z.object({
      step: z.string().describe("document: contact, invoice, payment-1 ..."),
      field: z.string().describe("JSON Pointer in the document"),
      value: z.string().nullable().describe("null when empty, or when it may be a buyer's text"),
      because: z.string().describe("where it comes from, and who approved the rule"),
    }),
  ),
  total: z.int().describe("how many match"),
  untrusted: Untrusted,
});

export const explainRecord = defineTool({
  name: "explain_record",
  title: "Explain where numbers come from",
  description:
    "For one order: where each value of its ledger documents comes from (a field of the order, a rule of the mapping, a setting, " +
    'a computation). Use it for "why is this account / tax / total here?". Narrow it with `field`. To change what it shows, ' +
    "use propose_mapping on the rule that it names; posted documents never change.",
  effect: "read",
  input: z.object({
    order: OrderNumber,
    field: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .describe("part of a field's pointer, e.g. AccountCode, /LineItems/0, DueDate; leave out for all"),
    limit: limitOf(100, 60),
    include: Include,
  }),
  output: RecordExplanation,
  run: async ({ order, field, limit, include }, { engine, connection, session }) => {
    const explained = await engine.explain(connection, order);
    if (!explained.ok) return failed(explained.error);
    const wanted = field?.toLowerCase() ?? "";
    const matching = explained.value.filter((entry) => entry.field.toLowerCase().includes(wanted));
    const shown = matching.slice(0, limit);
    return ok({
      order,
      fields: shown.map((entry) => ({
        step: entry.step,
        field: entry.field,
        value: isCoded(entry) ? textOf(entry) : null,
        because: entry.sentence,
      })),
      total: matching.length,
      untrusted: untrusted(
        include,
        session,
        shown
          .filter((entry) => !isCoded(entry))
          .map((entry) => [`${entry.step} ${entry.field}`, textOf(entry)]),
      ),
    });
  },
});

const isCoded = ({ field }: Explanation): boolean => CODED.has(field.slice(field.lastIndexOf("/") + 1));
const textOf = ({ value }: Explanation): string | null => (value === null ? null : String(value));
