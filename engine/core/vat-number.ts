/** Sales to businesses in another member state of the EU: without tax only on a valid VAT number. */
import type { Held } from "./hold.ts";
import { e4Of } from "./money.ts";
import type { Org } from "./org.ts";
import type { CanonicalSale } from "./sale.ts";

/** Member states; Magento writes Greece as GR. */
const EU = new Set(
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" "),
);

export type VatNumber = { readonly held: Held | undefined; readonly warnings: readonly string[] };

const FINE: VatNumber = { held: undefined, warnings: [] };

/** Facts/accounting.md, TAX-15: an invalid number with tax 0 is held, one that nobody checked is worth a warning. */
export function vatNumberOf(sale: CanonicalSale, org: Org): VatNumber {
  const country = (sale.shipTo ?? sale.billing)?.country ?? null;
  const isIntraEu = country !== null && country !== org.country && EU.has(country) && EU.has(org.country);
  const hasNumber = Boolean(sale.customer.vatId || sale.billing?.vatId);
  const isFree = e4Of(sale.totals.tax) === 0n && e4Of(sale.totals.grandTotal) !== 0n;
  if (!isIntraEu || !hasNumber || !isFree) return FINE;
  const isValid = sale.billing?.vatIdValid ?? null;
  if (isValid === true) return FINE;
  if (isValid === false) return { held: vatIdInvalid(country), warnings: [] };
  return {
    held: undefined,
    warnings: ["vatIdUnchecked: sold without tax on a VAT number that the store has not validated"],
  };
}

const vatIdInvalid = (country: string): Held => ({
  hold: "vatIdInvalid",
  field: "billing_address.vat_id",
  detail: `The order went to ${country} without tax on a VAT number that is not valid; without a valid one tax is due.`,
  action:
    "Ask the customer for a valid VAT number and correct the order, or charge the tax, then sync it again.",
});
