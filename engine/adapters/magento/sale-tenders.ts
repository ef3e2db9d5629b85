/** What lowered the grand total without being a discount (facts/magento.md section 3). */
import { absOf, e4Of, formatE4 } from "../../core/money.ts";
import type { Tender } from "../../core/sale.ts";
import type { StoredValue } from "./extension.ts";

export function toTenders(own: StoredValue): Tender[] {
  const tenders = [
    { kind: "giftCard", amount: positive(own.gift_cards_amount) },
    { kind: "storeCredit", amount: positive(own.customer_balance_amount) },
    { kind: "rewardPoints", amount: positive(own.reward_currency_amount) },
  ] as const;
  return tenders.filter(({ amount }) => e4Of(amount) !== 0n);
}

const positive = (amount: string): string => formatE4(absOf(e4Of(amount)));
