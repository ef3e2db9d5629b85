/** Goods that cost nothing: above a value some countries tax the gift all the same (facts/accounting.md, DISC-09). */
import { e4Of, formatE4, sumOf } from "./money.ts";
import type { PlanInput } from "./plan-input.ts";

/** In the organisation's currency; the yearly limit per person that the tax offices of the UK and Australia set. */
const LIMITS_E4: Readonly<Record<string, bigint>> = { GB: 500_000n, AU: 3_000_000n };

/** A warning where a free order gives away more than the limit; the value is that of the list prices, without tax. */
export function givenAway({ sale, org }: PlanInput, totalCents: bigint): string[] {
  const limitE4 = LIMITS_E4[org.country];
  const valueE4 = sumOf(sale.lines.map(({ net }) => e4Of(net)));
  const isGift = totalCents === 0n && sale.currency === org.baseCurrency && limitE4 !== undefined;
  return isGift && valueE4 > limitE4
    ? [`giftValue: goods of ${formatE4(valueE4)} were given away; tax may be due on a gift of this value`]
    : [];
}
