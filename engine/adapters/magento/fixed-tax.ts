/** Fixed product tax of a row, out of the JSON text in its JSON. */
import { divideHalfUp, e4Of, formatE4, roundToCents, sumOf } from "../../core/money.ts";
import type { SaleLine } from "../../core/sale.ts";
import type { DocumentRow } from "./documents.ts";
import { listOf } from "./fields.ts";
import { parseExactJson } from "./json.ts";
import { FixedTax, type MagentoItem } from "./order.ts";

export type FixedTaxAmounts = Pick<SaleLine, "fixedTaxNet" | "fixedTaxTax">;

const NONE: FixedTaxAmounts = { fixedTaxNet: "0.00", fixedTaxTax: "0.00" };
const CENT_E4 = 100n;

/**
 * Tax on a fixed product tax is in the order's tax but in no item's (facts/accounting.md 1.2, point 6). `undefined` where the
 * text is no list of taxes.
 */
export function fixedTaxOf(
  item: Pick<MagentoItem, "weee_tax_applied" | "weee_tax_applied_row_amount">,
): FixedTaxAmounts | undefined {
  const applied = appliedOf(item.weee_tax_applied);
  if (applied === undefined) return undefined;
  if (applied.length === 0) return { ...NONE, fixedTaxNet: item.weee_tax_applied_row_amount };
  return { fixedTaxNet: formatE4(netOf(applied)), fixedTaxTax: formatE4(taxOf(applied)) };
}

/**
 * Of a row of an invoice or credit memo. Its list is scaled without rounding, its row amount is what was charged; REST leaves
 * both out of invoices, so the order's own is taken by quantity.
 */
export function fixedTaxOfRow(row: DocumentRow, line: SaleLine): FixedTaxAmounts | undefined {
  const applied = appliedOf(row.weee_tax_applied);
  if (applied === undefined) return undefined;
  if (applied.length > 0) {
    const net = row.weee_tax_applied_row_amount ?? formatE4(netOf(applied));
    return { fixedTaxNet: net, fixedTaxTax: formatE4(roundToCents(taxOf(applied)) * CENT_E4) };
  }
  if (row.weee_tax_applied !== null || row.weee_tax_applied_row_amount !== null)
    return { ...NONE, fixedTaxNet: row.weee_tax_applied_row_amount ?? "0.00" };
  return byQuantity(row, line);
}

function byQuantity(row: DocumentRow, line: SaleLine): FixedTaxAmounts {
  const [part, whole] = [e4Of(row.qty), e4Of(line.quantity)];
  if (part === whole) return { fixedTaxNet: line.fixedTaxNet, fixedTaxTax: line.fixedTaxTax };
  if (whole <= 0n) return NONE;
  const share = (amount: string) => formatE4(divideHalfUp(e4Of(amount) * part, whole * CENT_E4) * CENT_E4);
  return { fixedTaxNet: share(line.fixedTaxNet), fixedTaxTax: share(line.fixedTaxTax) };
}

function appliedOf(text: string | null): FixedTax[] | undefined {
  const json = parseExactJson(text ?? "[]");
  const taxes = json.ok ? listOf(FixedTax).safeParse(json.value) : undefined;
  return taxes?.success === true ? taxes.data : undefined;
}

const netOf = (taxes: readonly FixedTax[]): bigint => sumOf(taxes.map(({ row_amount }) => e4Of(row_amount)));

const taxOf = (taxes: readonly FixedTax[]): bigint =>
  sumOf(
    taxes.map(
      ({ row_amount, row_amount_incl_tax }) => e4Of(row_amount_incl_tax ?? row_amount) - e4Of(row_amount),
    ),
  );
