/** Gift cards, store credit and reward points are debts to customers: the accounts for them, where the chart names them. */
import { paymentAccountFault } from "./account-faults.ts";
import type { DecisionTable, Rule } from "./mapping.ts";
import type { Org } from "./org.ts";
import type { Tender } from "./sale.ts";
import type { Notes } from "./setup-notes.ts";

type StoredValue = Tender["kind"];

const LIABILITY_TYPES = new Set(["CURRLIAB", "LIABILITY", "TERMLIAB"]);

/** What a chart of accounts calls them. */
export const STORED_VALUE = {
  storeCredit: { name: /store\s+credit|customer\s+(credit|balance)/i, words: "store credit" },
  giftCard: { name: /gift\s*(card|voucher|certificate)/i, words: "gift cards" },
  rewardPoints: { name: /(reward|loyalty|bonus)\s*points?|\bpoints\b/i, words: "reward points" },
} as const satisfies Record<StoredValue, { readonly name: RegExp; readonly words: string }>;

const KINDS = Object.keys(STORED_VALUE) as StoredValue[];

/** The liability account that takes payments and is clearly named for it. */
export function storedValueAccount(org: Org, kind: StoredValue): { code: string; name: string } | undefined {
  for (const account of org.accounts) {
    const { code, name, type } = account;
    const fits = LIABILITY_TYPES.has(type) && STORED_VALUE[kind].name.test(name);
    if (fits && code !== null && paymentAccountFault(account) === undefined) return { code, name };
  }
  return undefined;
}

/** What an order was paid with besides money is taken from its liability (facts/accounting.md PAY-12 to PAY-14). */
export function withStoredValue(payments: DecisionTable, org: Org, notes: Notes): DecisionTable {
  const rules = KINDS.flatMap((kind): Rule[] => {
    const account = storedValueAccount(org, kind);
    if (account === undefined) return [];
    notes.because(`/tables/payment/${kind}`, `account ${account.code} is called "${account.name}"`);
    return [
      {
        id: `pay-${kind.toLowerCase()}`,
        note: `paid with ${STORED_VALUE[kind].words}`,
        when: [{ op: "is", fact: "payment.method", value: kind }],
        then: { kind: "payment", account: account.code },
      },
    ];
  });
  return { ...payments, rules: [...payments.rules, ...rules] };
}

/** A gift card that is sold is a debt until somebody redeems it (PAY-11). */
export function withGiftCards(revenue: DecisionTable, org: Org, notes: Notes): DecisionTable {
  const account = storedValueAccount(org, "giftCard");
  if (account === undefined) return revenue;
  notes.because("/tables/revenueAccount/gift-cards", `account ${account.code} is called "${account.name}"`);
  const rule: Rule = {
    id: "gift-cards",
    note: "gift cards that are sold",
    when: [{ op: "is", fact: "line.productType", value: "giftcard" }],
    then: { kind: "account", code: account.code },
  };
  return { ...revenue, rules: [rule, ...revenue.rules] };
}
