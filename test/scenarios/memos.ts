/** Credit memos as a Magento store answers them, and the orders that the refund scenarios share. */
import type { Json } from "../../engine/core/shapes.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import type { Books, StoreOrder } from "./harness.ts";
import { itemId } from "./store.ts";

type Amount = number | string;

export type MemoRow = {
  /** Place of the order's row, from 0. */
  readonly row?: number;
  readonly qty: Amount;
  readonly rowTotal: Amount;
  readonly tax?: Amount;
  readonly backToStock?: boolean;
};

export type Memo = {
  readonly id?: number;
  readonly at?: string;
  readonly rows?: readonly MemoRow[];
  readonly shipping?: readonly [amount: Amount, tax: Amount];
  readonly grandTotal: Amount;
  readonly tax?: Amount;
  /** `null`: no money moved through the gateway. */
  readonly transaction?: string | null;
  readonly more?: { readonly [key: string]: Json };
};

export const memoJson = (memo: Memo): { readonly [key: string]: Json } => ({
  entity_id: memo.id ?? 31,
  increment_id: `7000000${memo.id ?? 31}`,
  order_id: 501,
  state: 2,
  created_at: memo.at ?? "2026-05-10 09:00:00",
  grand_total: memo.grandTotal,
  tax_amount: memo.tax ?? 0,
  discount_amount: 0,
  shipping_amount: memo.shipping?.[0] ?? 0,
  shipping_tax_amount: memo.shipping?.[1] ?? 0,
  ...(memo.transaction === null ? {} : { transaction_id: memo.transaction ?? `re_${memo.id ?? 31}` }),
  items: (memo.rows ?? []).map(({ row = 0, qty, rowTotal, tax = 0, backToStock = false }) => ({
    order_item_id: itemId(row),
    qty,
    row_total: rowTotal,
    tax_amount: tax,
    discount_amount: 0,
    back_to_stock: backToStock ? 1 : 0,
  })),
  ...memo.more,
});

/** Three pieces at 40.00 and postage of 6.00 with 20 % inside: 126.00, of which 21.00 is tax, by card. */
export const PAID_ORDER: StoreOrder = {
  rows: [{ sku: "MUG", qty: 3, rowTotal: 100, tax: 20, percent: 20 }],
  shipping: { amount: 5, tax: 1, taxes: [{ code: "VAT 20", percent: 20, amount: 1 }] },
  grandTotal: 126,
  tax: 21,
  paid: 126,
  transaction: "ch_1",
};

export const WHOLE_MEMO: Memo = {
  rows: [{ qty: 3, rowTotal: 100, tax: 20 }],
  shipping: [5, 1],
  grandTotal: 126,
  tax: 21,
};

/** One piece of three, as the store prorates it. */
export const pieceMemo = (id: number, rowTotal: Amount, tax: Amount, more: Partial<Memo> = {}): Memo => ({
  id,
  rows: [{ qty: 1, rowTotal, tax }],
  grandTotal: 40,
  tax,
  ...more,
});

/** The order as it is read once it has these memos. */
export const refunded = (order: StoreOrder, ...memos: Memo[]): StoreOrder => ({
  ...order,
  more: {
    ...order.more,
    total_refunded: memos.reduce((sum, { grandTotal }) => sum + Number(grandTotal), 0),
  },
  creditMemos: memos.map(memoJson),
});

/** Amount and tax of invoices less credit notes, per account and tax type; empty when nothing is left. */
export function left(documents: readonly Body[]): Record<string, readonly [net: number, tax: number]> {
  const rest = new Map<string, { amount: number; tax: number }>();
  for (const document of documents) {
    const sign = document.Type === "ACCREC" ? 1 : -1;
    for (const line of document.LineItems) {
      const key = `${line.AccountCode} ${line.TaxType}`;
      const before = rest.get(key) ?? { amount: 0, tax: 0 };
      rest.set(key, {
        amount: before.amount + sign * Math.round(line.LineAmount * 100),
        tax: before.tax + sign * Math.round(line.TaxAmount * 100),
      });
    }
  }
  return Object.fromEntries(
    [...rest].flatMap(([key, { amount, tax }]) =>
      amount === 0 && tax === 0 ? [] : [[key, [amount / 100, tax / 100] as const]],
    ),
  );
}

/** All credit notes of the ledger. */
export const creditNotes = (ledger: Books): Body[] =>
  ledger.call("GET", "CreditNotes?page=1&pageSize=100&unitdp=4").CreditNotes;
