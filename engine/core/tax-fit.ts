/** Can a rate have given this tax? A tax that it cannot is another tax, and is never forced on a tax type by a tax amount. */
import { absOf, e4Of, roundToCents } from "./money.ts";
import type { SaleLine } from "./sale.ts";
import { taxCents } from "./xero-arithmetic.ts";

type Charge = Pick<SaleLine, "net" | "discount" | "discountTax">;

const CENT = 1n;
/** Several authorities round each, and the rounding of one row may be carried to the next (facts/accounting.md 1.2). */
const SLACK_CENTS = 2n;
const ONE_E4 = 10_000n;

/** Tax of the price after discount, in cents. */
export function expectedTaxCents({ net, discount, discountTax }: Charge, rateE4: bigint): bigint {
  return taxCents(roundToCents(e4Of(net) - e4Of(discount) + e4Of(discountTax)), rateE4, "Exclusive");
}

/**
 * The tax may be that of the price before or after the discount, and UNIT rounds it on every piece. No tax is the tax of no
 * rate but 0 %, save for a cent.
 */
export function taxFits(charge: Charge & { tax: string }, rateE4: bigint, quantityE4: bigint): boolean {
  const tax = roundToCents(e4Of(charge.tax));
  const after = expectedTaxCents(charge, rateE4);
  if (tax === 0n) return after <= CENT;
  if (rateE4 === 0n) return false;
  const before = taxCents(roundToCents(e4Of(charge.net)), rateE4, "Exclusive");
  const [low, high] = before < after ? [before, after] : [after, before];
  const slack = SLACK_CENTS + (absOf(quantityE4) + ONE_E4 - 1n) / ONE_E4;
  return tax >= low - slack && tax <= high + slack;
}
