/** What a credit memo takes back, and where the value went: the parts and the refunds come to what was given back. */
import { describe, expect, test } from "vitest";
import { CanonicalSale, type CreditMemo } from "../../core/sale.ts";
import { catalogue, documentOf, itemOf, type JsonObject, orderOf, rowOf } from "./testing.ts";
import { toSale } from "./to-sale.ts";

const read = (memos: readonly JsonObject[], order: JsonObject = {}) =>
  toSale({ order: orderOf(order), invoices: [], creditMemos: memos, shipments: [] }, catalogue);

function memosOf(memos: readonly JsonObject[], order: JsonObject = {}): CreditMemo[] {
  const sale = read(memos, order);
  if (!sale.ok) throw new Error(`held: ${JSON.stringify(sale.error)}`);
  expect(CanonicalSale.safeParse(sale.value).error).toBeUndefined();
  return sale.value.creditMemos;
}

function memoOf(memo: JsonObject, order: JsonObject = {}): CreditMemo {
  const [only] = memosOf([documentOf(memo)], order);
  if (only === undefined) throw new Error("no memo was read");
  return only;
}

const refundsOf = (memo: JsonObject, order: JsonObject = {}): string[] =>
  memoOf(memo, order).refunds.map(({ destination, amount }) => `${destination} ${amount}`);

const holdOf = (memos: readonly JsonObject[], order: JsonObject = {}): string[] => {
  const sale = read(memos, order);
  return sale.ok ? [] : [sale.error.hold, sale.error.field];
};

describe("a credit memo", () => {
  test("of everything has the order's rows, shipping and tax, and its own number and time", () => {
    expect(memoOf({ transaction_id: "re_1", invoice_id: 9 })).toEqual({
      id: "31",
      number: "000000031",
      at: "2026-11-02T09:00:00Z",
      lines: [
        {
          lineId: "71",
          quantity: "2.00",
          net: "20.00",
          tax: "4.00",
          discount: "0.00",
          discountTax: "0.00",
          fixedTaxNet: "0.00",
          fixedTaxTax: "0.00",
          backToStock: false,
        },
        expect.objectContaining({ lineId: "72", quantity: "1.00", net: "10.00", discount: "2.00" }),
      ],
      shipping: expect.objectContaining({ net: "5.00", tax: "1.00", discount: "0.00", title: "Flat rate" }),
      fees: [],
      grandTotal: "39.60",
      tax: "6.60",
      invoiceId: "9",
      adjustmentRefund: "0.00",
      adjustmentFee: "0.00",
      refunds: [{ destination: "gateway", amount: "39.60", transactionId: "re_1" }],
    });
  });

  test("of some pieces leaves out rows of nothing, and shipping of nothing", () => {
    const memo = memoOf({
      grand_total: "12.00",
      subtotal: 10,
      tax_amount: 2,
      discount_amount: 0,
      shipping_amount: 0,
      shipping_tax_amount: 0,
      items: [
        rowOf(71, { qty: 1, row_total: 10, tax_amount: 2 }),
        rowOf(72, { qty: 0, row_total: 0, tax_amount: 0, discount_amount: 0 }),
      ],
    });
    expect(memo.lines.map(({ lineId, quantity }) => [lineId, quantity])).toEqual([["71", "1.00"]]);
    expect(memo.shipping).toBeNull();
  });

  test("keeps goodwill and fee apart, also where only their difference is said", () => {
    const both = memoOf({ adjustment_positive: "10.00", adjustment_negative: 4, grand_total: "45.60" });
    expect([both.adjustmentRefund, both.adjustmentFee, both.grandTotal]).toEqual(["10.00", "4.00", "45.60"]);
    const fee = memoOf({ adjustment: -5, grand_total: "34.60" });
    expect([fee.adjustmentRefund, fee.adjustmentFee]).toEqual(["0.00", "5.00"]);
  });

  test("has what it leaves of its discount on shipping, with the tax inside it, as far as shipping had one", () => {
    const discounted = {
      shipping_discount_amount: 1,
      shipping_discount_tax_compensation_amount: "0.17",
      grand_total: "38.77",
    };
    const memo = { discount_amount: -3, discount_tax_compensation_amount: "0.17", grand_total: "38.77" };
    expect(memoOf(memo, discounted).shipping).toMatchObject({ discount: "1.00", discountTax: "0.17" });
    expect(memoOf(memo).shipping).toMatchObject({ discount: "0.00", discountTax: "0.00" });
  });

  test("says what is back on the shelf, on its row or in the list of the refund; otherwise nothing is", () => {
    const backOf = (memo: JsonObject) => memoOf(memo).lines.map(({ backToStock }) => backToStock);
    expect(backOf({})).toEqual([false, false]);
    expect(backOf({ items: [rowOf(71, { back_to_stock: 1 }), rowOf(72)] })).toEqual([true, false]);
    expect(backOf({ extension_attributes: { return_to_stock_items: [72] } })).toEqual([false, true]);
  });

  test("gives back gift wrap and the custom fee that names it", () => {
    const memo = memoOf(
      {
        grand_total: "46.00",
        tax_amount: "7.00",
        extension_attributes: { gw_price: "2.0000", gw_tax_amount: "0.4000" },
      },
      {
        extension_attributes: {
          custom_fees: [
            {
              custom_fee_code: "handling",
              custom_fee_amount: 8,
              custom_fee_amount_refunded: 4,
              creditmemo_id: "31",
            },
            { custom_fee_code: "other", custom_fee_amount: 9, creditmemo_id: "32" },
          ],
        },
      },
    );
    expect(memo.fees).toEqual([
      { code: "giftWrap", gross: "2.40", tax: "0.40" },
      { code: "handling", gross: "4.00", tax: "0.00" },
    ]);
  });

  test("that is open or cancelled gave nothing back, and one that is given twice is one", () => {
    expect(memosOf([documentOf({ state: 1 }), documentOf({ entity_id: 32, state: 3 })])).toEqual([]);
    expect(memosOf([documentOf(), documentOf()])).toHaveLength(1);
  });
});

describe("money goes back", () => {
  test("through the gateway where a refund transaction says so, else offline", () => {
    expect(refundsOf({ transaction_id: "re_1" })).toEqual(["gateway 39.60"]);
    expect(refundsOf({})).toEqual(["offline 39.60"]);
  });

  test("as the order's sums say, where no transaction does", () => {
    expect(refundsOf({}, { total_refunded: "39.60", total_online_refunded: "39.60" })).toEqual([
      "gateway 39.60",
    ]);
    const offline = { total_refunded: "39.60", total_offline_refunded: "39.60" };
    expect(refundsOf({ invoice_id: 9 }, offline)).toEqual(["offline 39.60"]);
    expect(refundsOf({ invoice_id: 9 })).toEqual(["gateway 39.60"]);
  });

  test("both ways in one order: the refund with a transaction was online, the other not", () => {
    const half = {
      grand_total: "19.80",
      subtotal: null,
      items: [],
      shipping_amount: 0,
      shipping_tax_amount: 0,
    };
    const memos = memosOf(
      [
        documentOf({ ...half, transaction_id: "re_1" }),
        documentOf({ ...half, entity_id: 32, increment_id: "000000032", invoice_id: 9 }),
      ],
      { total_refunded: "39.60", total_online_refunded: "19.80", total_offline_refunded: "19.80" },
    );
    expect(memos.map(({ refunds }) => refunds[0]?.destination)).toEqual(["gateway", "offline"]);
  });
});

describe("value goes back", () => {
  test("to gift cards, store credit and points, which the total excludes", () => {
    const extension_attributes = {
      gift_cards_amount: "10.00",
      customer_balance_amount: 5,
      reward_currency_amount: "1.60",
    };
    expect(refundsOf({ grand_total: 23, extension_attributes })).toEqual([
      "offline 23.00",
      "storeCredit 5.00",
      "giftCard 10.00",
      "rewardPoints 1.60",
    ]);
    expect(memoOf({ grand_total: 23, extension_attributes }).grandTotal).toBe("39.60");
  });

  test("to store credit instead of money, outside of the total or inside it: the parts decide", () => {
    const outside = { grand_total: 0, customer_balance_amount: "39.60" };
    expect(refundsOf(outside)).toEqual(["storeCredit 39.60"]);
    expect(refundsOf({ customer_bal_total_refunded: "39.60" })).toEqual(["storeCredit 39.60"]);
    expect(refundsOf({ customer_bal_total_refunded: "19.60" })).toEqual([
      "offline 20.00",
      "storeCredit 19.60",
    ]);
    expect(refundsOf({ grand_total: 20, customer_bal_total_refunded: "19.60" })).toEqual([
      "offline 20.00",
      "storeCredit 19.60",
    ]);
    expect(memoOf(outside).grandTotal).toBe("39.60");
  });

  test("to store credit that is said in the base currency only, where that is the order's", () => {
    const memo = { extension_attributes: { bs_customer_bal_total_refunded: "39.60" } };
    expect(refundsOf(memo)).toEqual(["storeCredit 39.60"]);
    expect(holdOf([documentOf(memo)], { base_currency_code: "USD", base_to_order_rate: "0.8" })).toEqual([
      "fieldMissing",
      "creditMemos[0].customer_bal_total_refunded",
    ]);
  });

  test("never more than was given back in all", () => {
    expect(holdOf([documentOf({ customer_bal_total_refunded: "39.60" })])).toEqual([]);
    expect(holdOf([documentOf({ customer_bal_total_refunded: "39.61" })])).toEqual([
      "totalsDiffer",
      "creditMemos[0].customer_balance_amount",
    ]);
  });
});

describe("a credit memo is held by its field", () => {
  test.each<[string, JsonObject, string, string]>([
    ["of another order", { order_id: 502 }, "fieldInvalid", "order_id"],
    ["without an id", { entity_id: null }, "fieldMissing", "entity_id"],
    ["without a time", { created_at: null }, "fieldMissing", "created_at"],
    ["with a price in words", { grand_total: "all of it" }, "fieldInvalid", "grand_total"],
    ["in a state that Magento does not have", { state: 7 }, "fieldInvalid", "state"],
    ["with a row of no item of the order", { items: [rowOf(99)] }, "fieldInvalid", "items[0].order_item_id"],
    [
      "with a row that says no amount",
      { items: [rowOf(71, { row_total: null })] },
      "fieldMissing",
      "items[0].row_total",
    ],
    ["with rows that miss its subtotal", { items: [rowOf(71)] }, "itemsMissing", "items"],
    [
      "with a broken list of fixed product taxes",
      { items: [rowOf(71), rowOf(72, { weee_tax_applied: "[{" })] },
      "fieldInvalid",
      "items[1].weee_tax_applied",
    ],
  ])("%s", (_name, memo, hold, field) => {
    expect(holdOf([documentOf(memo)])).toEqual([hold, `creditMemos[0].${field}`]);
  });

  test("memos come to what the order says was refunded, within a cent each", () => {
    const refunded = (total: string) => holdOf([documentOf()], { total_refunded: total });
    expect(refunded("39.6100")).toEqual([]);
    expect(refunded("39.6101")).toEqual(["totalsDiffer", "total_refunded"]);
    expect(refunded("0.0000")).toEqual([]);
    expect(holdOf([documentOf({ state: 3 })], { total_refunded: "39.60" })).toEqual([
      "totalsDiffer",
      "total_refunded",
    ]);
  });
});

describe("rows of items with children", () => {
  const child = (id: number, more: JsonObject) =>
    itemOf({ item_id: id, parent_item_id: 80, sku: `CHILD-${id}`, ...more });

  test("of a configurable: its own row counts, the variant's does not but may say that it is back", () => {
    const items = [
      itemOf({ item_id: 80, product_type: "configurable", row_total: 30 }),
      child(81, { row_total: 0, tax_amount: 0 }),
    ];
    const rows = [
      rowOf(80, { qty: 2, row_total: 30, discount_amount: 2 }),
      rowOf(81, { row_total: null, back_to_stock: true, tax_amount: null, discount_amount: null }),
    ];
    expect(memoOf({ items: rows }, { items }).lines).toMatchObject([
      { lineId: "80", net: "30.00", backToStock: true },
    ]);
  });

  test("of a bundle whose children have prices: their rows, and the discount of its own row among them", () => {
    const items = [
      itemOf({ item_id: 80, product_type: "bundle", row_total: 30, tax_amount: 0 }),
      child(81, { row_total: 20 }),
      child(82, { row_total: 10 }),
    ];
    const rows = [
      rowOf(80, { row_total: 30, discount_amount: "2.00", tax_amount: 0 }),
      rowOf(81, { row_total: 20, discount_amount: 0 }),
      rowOf(82, { row_total: 10, discount_amount: 0 }),
    ];
    expect(
      memoOf({ items: rows }, { items }).lines.map(({ lineId, discount }) => [lineId, discount]),
    ).toEqual([
      ["81", "1.33"],
      ["82", "0.67"],
    ]);
  });

  test("fixed product tax is the row's own; without one it is the order's by quantity", () => {
    const weee = '[{"row_amount":5,"row_amount_incl_tax":6}]';
    const items = [itemOf({ row_total: 30, qty_ordered: 4, weee_tax_applied: weee })];
    const lineOf = (row: JsonObject) =>
      memoOf({ items: [rowOf(71, { row_total: 30, ...row })] }, { items }).lines[0];
    const own = {
      weee_tax_applied: '[{"row_amount":1.2499,"row_amount_incl_tax":1.4999}]',
      weee_tax_applied_row_amount: "1.25",
    };
    expect(lineOf({ qty: 1, ...own })).toMatchObject({ fixedTaxNet: "1.25", fixedTaxTax: "0.25" });
    expect(lineOf({ qty: 1 })).toMatchObject({ fixedTaxNet: "1.25", fixedTaxTax: "0.25" });
    expect(lineOf({ qty: 4 })).toMatchObject({ fixedTaxNet: "5.00", fixedTaxTax: "1.00" });
    expect(lineOf({ qty: 4, weee_tax_applied: "[]" })).toMatchObject({ fixedTaxNet: "0.00" });
  });
});

test("a changed credit memo is another revision, and so is a changed shipment", () => {
  const revisionOf = (memo: JsonObject, track: string) => {
    const shipment = {
      entity_id: 5,
      increment_id: "5",
      order_id: 501,
      created_at: "2026-11-02 09:00:00",
      items: [],
      tracks: [{ track_number: track }],
    };
    const sale = toSale(
      { order: orderOf(), invoices: [], creditMemos: [documentOf(memo)], shipments: [shipment] },
      catalogue,
    );
    if (!sale.ok) throw new Error(sale.error.detail);
    return sale.value.source.revision;
  };
  expect(revisionOf({}, "A")).toBe(revisionOf({}, "A"));
  expect(revisionOf({ updated_at: "2026-11-03 09:00:00" }, "A")).not.toBe(revisionOf({}, "A"));
  expect(revisionOf({}, "B")).not.toBe(revisionOf({}, "A"));
});
