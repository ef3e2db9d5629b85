/**
 * What one invoice covers: the whole order, or one store invoice of it. A section reads like a sale of its own, so that one
 * planner serves both; facts of customer, addresses and products are the order's.
 */
import type { CanonicalSale, PartLine, SaleLine, StoreInvoice } from "./sale.ts";
import { pointerOf } from "./shapes.ts";

export type Section = {
  readonly sale: CanonicalSale;
  /** JSON Pointer of the section in the order's sale: where its lines, shipping and fees are. */
  readonly base: string;
  readonly step: string;
  readonly number: string;
  readonly identity: { readonly sourceType: "order" | "invoice"; readonly sourceId: string };
  readonly storeInvoice: StoreInvoice | null;
};

export const INVOICE_STEP = "invoice";

export const orderSection = (sale: CanonicalSale): Section => ({
  sale,
  base: "",
  step: INVOICE_STEP,
  number: sale.source.number,
  identity: { sourceType: "order", sourceId: sale.source.id },
  storeInvoice: null,
});

/**
 * One section for each store invoice that stands, in the order in which the store lists them, and for those that were
 * cancelled after they had been posted: what was posted is taken back, never forgotten.
 */
export function storeInvoiceSections(sale: CanonicalSale, postedIds: readonly string[] = []): Section[] {
  return sale.invoices.flatMap((invoice, index): Section[] =>
    invoice.state === "cancelled" && !postedIds.includes(invoice.id)
      ? []
      : [storeInvoiceSection(sale, invoice, index)],
  );
}

function storeInvoiceSection(sale: CanonicalSale, invoice: StoreInvoice, index: number): Section {
  return {
    sale: {
      ...sale,
      lines: partLines(sale, invoice.lines),
      shipping: invoice.shipping,
      fees: invoice.fees,
      tenders: invoice.tenders,
      receipts: sale.receipts.filter(({ invoiceId }) => invoiceId === invoice.id),
      totals: { ...sale.totals, grandTotal: invoice.grandTotal, tax: invoice.tax },
    },
    base: pointerOf("invoices", index),
    step: `${INVOICE_STEP}-${invoice.id}`,
    number: invoice.number,
    identity: { sourceType: "invoice", sourceId: invoice.id },
    storeInvoice: invoice,
  };
}

/** Rows of a store invoice or credit memo as lines: their own amounts, the order line's product, rate and name. */
export function partLines(sale: CanonicalSale, rows: readonly PartLine[]): SaleLine[] {
  const byId = new Map(sale.lines.map((line) => [line.id, line]));
  return rows.flatMap(({ lineId, backToStock: _, ...amounts }) => {
    const line = byId.get(lineId);
    return line === undefined ? [] : [{ ...line, ...amounts }];
  });
}
