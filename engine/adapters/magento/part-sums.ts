/** Sums over parts of a sale, gross and tax: item identity of facts/accounting.md 1.2, points 4 and 6. */
import { e4Of, sumOf } from "../../core/money.ts";
import type { PartLine, SaleFee, SaleShipping } from "../../core/sale.ts";

type Charge = Pick<PartLine, "net" | "tax" | "discount" | "discountTax">;
type Line = Charge & Pick<PartLine, "fixedTaxNet" | "fixedTaxTax">;
export type Charged = { readonly lines: readonly Line[]; readonly shipping: SaleShipping | null };

export const grossOf = ({ lines, shipping }: Charged, fees: readonly SaleFee[] = []): bigint =>
  sumOf(lines.map((line) => chargeGross(line) + e4Of(line.fixedTaxNet) + e4Of(line.fixedTaxTax))) +
  (shipping === null ? 0n : chargeGross(shipping)) +
  sumOf(fees.map(({ gross }) => e4Of(gross)));

const chargeGross = ({ net, tax, discount, discountTax }: Charge): bigint =>
  e4Of(net) + e4Of(tax) + e4Of(discountTax) - e4Of(discount);

export const taxOf = ({ lines, shipping }: Charged, fees: readonly SaleFee[] = []): bigint =>
  sumOf(lines.map(({ tax, fixedTaxTax }) => e4Of(tax) + e4Of(fixedTaxTax))) +
  e4Of(shipping?.tax ?? "0") +
  sumOf(fees.map(({ tax }) => e4Of(tax)));
