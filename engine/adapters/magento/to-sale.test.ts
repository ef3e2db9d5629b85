import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { CanonicalSale } from "../../core/sale.ts";
import type { Json } from "../../core/shapes.ts";
import { catalogue, itemOf, type JsonObject, orderOf } from "./testing.ts";
import { toSale } from "./to-sale.ts";

const saleOf = (order: Json, invoices: readonly Json[] = []) => {
  const sale = toSale({ order, invoices, creditMemos: [], shipments: [] }, catalogue);
  if (!sale.ok) throw new Error(`held: ${JSON.stringify(sale.error)}`);
  expect(CanonicalSale.safeParse(sale.value).error).toBeUndefined();
  return sale.value;
};

const heldOf = (order: Json, invoices: readonly Json[] = []) => {
  const sale = toSale({ order, invoices, creditMemos: [], shipments: [] }, catalogue);
  if (sale.ok) throw new Error("a hold was expected");
  return sale.error;
};

const without = (order: JsonObject, ...fields: string[]): JsonObject =>
  Object.fromEntries(Object.entries(order).filter(([name]) => !fields.includes(name)));

describe("the whole order", () => {
  test("is told in the store's own figures, with signs turned positive and names looked up", () => {
    expect(saleOf(orderOf())).toMatchObject({
      source: { id: "501", number: "000000501" },
      store: { id: "3", view: "uk_en", website: "base" },
      placedAt: "2026-10-31T23:30:00Z",
      currency: "GBP",
      storeRate: "1.00",
      customer: { key: "C9", registered: true, group: "Wholesale", taxClass: "Retail Customer" },
      billing: { street: ["1 Example Street", "Flat 2"], country: "GB" },
      shipTo: { firstName: "Ada", country: "IE" },
      payment: { method: "stripe_payments", title: "Card" },
      lines: [
        {
          id: "71",
          net: "20.00",
          tax: "4.00",
          discount: "0.00",
          taxRate: "20.00",
          product: { categories: ["Jars"] },
        },
        { id: "72", net: "10.00", tax: "1.60", discount: "2.00", product: null },
      ],
      shipping: { method: "flatrate_flatrate", title: "Flat rate", net: "5.00", tax: "1.00", taxRate: null },
      fees: [],
      tenders: [],
      receipts: [],
      totals: { grandTotal: "39.60", tax: "6.60", subtotal: "30.00", paid: "0.00" },
    });
  });

  test("reads the same from a model dump: text for numbers, addresses by type, [] for empty objects", () => {
    const dump = orderOf({
      entity_id: "501",
      grand_total: "39.6000",
      is_virtual: "0",
      shipping_method: "flatrate_flatrate",
      billing_address: null,
      addresses: {
        shipping: { address_type: "shipping", firstname: "Ada", country_id: "IE", street: "2 Quay" },
        billing: { address_type: "billing", country_id: "GB", street: "1 Example Street\nFlat 2" },
      },
      payment: { method: "stripe_payments", additional_information: { method_title: "Card" } },
      extension_attributes: [],
    });
    expect(saleOf(dump)).toMatchObject({
      billing: { street: ["1 Example Street", "Flat 2"] },
      shipTo: { country: "IE" },
      shipping: { method: "flatrate_flatrate" },
      payment: { title: "Card" },
      totals: { grandTotal: "39.60" },
    });
  });

  test("needs neither payment nor billing address nor extension attributes", () => {
    const bare = orderOf({ payment: null, billing_address: null, extension_attributes: null });
    expect(saleOf(bare)).toMatchObject({
      payment: { method: null, title: null },
      billing: null,
      shipTo: null,
    });
  });

  test("names the buyer's own order number and the orders that it replaces or is replaced by", () => {
    const editedOf = (order: JsonObject) => saleOf(orderOf(order)).edited;
    expect(saleOf(orderOf())).toMatchObject({ purchaseOrder: null, edited: { from: null, to: null } });
    expect(saleOf(orderOf({ payment: { method: "purchaseorder", po_number: "PO-7" } })).purchaseOrder).toBe(
      "PO-7",
    );
    expect(editedOf({ relation_parent_real_id: "1001", original_increment_id: "1000" })).toEqual({
      from: "1001",
      to: null,
    });
    expect(editedOf({ original_increment_id: "1001", relation_child_real_id: "1001-2" })).toEqual({
      from: "1001",
      to: "1001-2",
    });
    expect(editedOf({ original_increment_id: "000000501" }).from).toBeNull();
  });

  test("has one revision for one content, and another when anything of it changes", () => {
    const order = orderOf();
    expect(saleOf(structuredClone(order)).source.revision).toBe(saleOf(order).source.revision);
    expect(saleOf(orderOf({ status: "packed" })).source.revision).not.toBe(saleOf(order).source.revision);
  });
});

describe("items", () => {
  const child = (id: number, more: JsonObject) =>
    itemOf({ item_id: id, parent_item_id: 80, sku: `CHILD-${id}`, tax_percent: id === 81 ? 20 : 5, ...more });

  test("a configurable is its parent; the variant below it carries nothing", () => {
    const items = [
      itemOf({ item_id: 80, product_type: "configurable", row_total: 30, tax_amount: "5.6" }),
      child(81, { row_total: 0, tax_amount: 0 }),
    ];
    expect(saleOf(orderOf({ items })).lines.map(({ id }) => id)).toEqual(["80"]);
  });

  test("a bundle whose children have row totals is its children, one of fixed price is its parent", () => {
    const parent = itemOf({ item_id: 80, product_type: "bundle", row_total: 30, tax_percent: null });
    const priced = [parent, child(81, { row_total: 20 }), child(82, { row_total: 10 })];
    const fixed = [parent, child(81, { row_total: 0 }), child(82, { row_total: 0 })];
    expect(saleOf(orderOf({ items: priced })).lines.map(({ id }) => id)).toEqual(["81", "82"]);
    expect(saleOf(orderOf({ items: fixed })).lines.map(({ id }) => id)).toEqual(["80"]);
  });

  test("a child that only repeats its parent is known as a child", () => {
    const nested = without(child(81, { row_total: 0, parent_item: { item_id: 80 } }), "parent_item_id");
    const items = [itemOf({ item_id: 80, product_type: "configurable", row_total: 30 }), nested];
    expect(saleOf(orderOf({ items })).lines.map(({ id }) => id)).toEqual(["80"]);
  });

  test("a fixed product tax and the tax on it come out of the JSON inside the JSON", () => {
    const weee = '[{"title":"WEEE","row_amount":1.5,"row_amount_incl_tax":1.8},{"row_amount":0.25}]';
    const items = [itemOf({ row_total: 30, weee_tax_applied: weee, weee_tax_applied_row_amount: "1.75" })];
    expect(saleOf(orderOf({ items })).lines[0]).toMatchObject({ fixedTaxNet: "1.75", fixedTaxTax: "0.30" });
  });

  test("the subtotal may include the fixed product tax", () => {
    const items = [itemOf({ row_total: 30, weee_tax_applied: "[]", weee_tax_applied_row_amount: 2 })];
    expect(saleOf(orderOf({ items, subtotal: 32 })).lines[0]).toMatchObject({ fixedTaxNet: "2.00" });
    expect(heldOf(orderOf({ items, subtotal: 33 })).hold).toBe("itemsMissing");
  });

  test("taxes are told per item and for shipping; shipping's rate is their sum", () => {
    const tax = (code: string, percent: string, amount: string) => ({ code, percent, amount });
    const item_applied_taxes = [
      { type: "product", item_id: "71", applied_taxes: [tax("GB-20", "20", "4.0000")] },
      {
        type: "shipping",
        item_id: null,
        applied_taxes: [tax("STATE", "4.3", "0.2"), tax("CITY", "1", "0.05")],
      },
    ];
    const sale = saleOf(orderOf({ extension_attributes: { item_applied_taxes } }));
    expect(sale.lines.map(({ appliedTaxes }) => appliedTaxes.map(({ code }) => code))).toEqual([
      ["GB-20"],
      [],
    ]);
    expect(sale.shipping).toMatchObject({
      taxRate: "5.30",
      appliedTaxes: [{ code: "STATE" }, { code: "CITY" }],
    });
  });

  test("a virtual order without shipping has none", () => {
    const virtual = orderOf({
      is_virtual: 1,
      shipping_amount: 0,
      shipping_tax_amount: 0,
      extension_attributes: [],
    });
    expect(saleOf(without(virtual, "shipping_description")).shipping).toBeNull();
  });
});

describe("other totals", () => {
  test("gift wrap of items, order and card are fees with a tax of their own; empty text is nothing", () => {
    const wrap = {
      gw_items_price: "2.0000",
      gw_items_tax_amount: "0.4000",
      gw_price: "",
      gw_card_price: "1.0000",
    };
    expect(saleOf(orderOf({ extension_attributes: wrap })).fees).toEqual([
      { code: "giftWrap", gross: "2.40", tax: "0.40" },
      { code: "giftWrap", gross: "1.00", tax: "0.00" },
    ]);
  });

  test("gift cards, store credit and points are tenders, on the order itself or among its extensions", () => {
    const sale = saleOf(
      orderOf({
        gift_cards_amount: "10.0000",
        extension_attributes: { customer_balance_amount: 5, reward_currency_amount: 0 },
      }),
    );
    expect(sale.tenders).toEqual([
      { kind: "giftCard", amount: "10.00" },
      { kind: "storeCredit", amount: "5.00" },
    ]);
  });

  test("a total that no field names is not invented", () => {
    const sale = saleOf(orderOf({ grand_total: "44.93" }));
    expect(sale.fees).toEqual([]);
    expect(sale.totals.grandTotal).toBe("44.93");
  });
});

describe("receipts", () => {
  const invoice = (more: JsonObject): JsonObject => ({
    entity_id: 31,
    state: 2,
    created_at: "2026-11-01 09:00:00",
    transaction_id: "ch_1-capture",
    grand_total: "39.6",
    ...more,
  });

  test("are the store's paid invoices, dated at capture, under the gateway's id", () => {
    const invoices = [
      invoice({}),
      invoice({ entity_id: 32, state: 1 }),
      invoice({ entity_id: 33, state: "3" }),
    ];
    expect(saleOf(orderOf(), invoices).receipts).toEqual([
      { key: "ch_1", amount: "39.60", at: "2026-11-01T09:00:00Z", transactionId: "ch_1", invoiceId: "31" },
    ]);
  });

  test("without a transaction, or with one that is taken, are keyed by the invoice", () => {
    const invoices = [
      invoice({}),
      invoice({ entity_id: 32 }),
      invoice({ entity_id: 33, transaction_id: null, grand_total: 1 }),
    ];
    expect(saleOf(orderOf(), invoices).receipts.map(({ key }) => key)).toEqual([
      "ch_1",
      "invoice-32",
      "invoice-33",
    ]);
  });

  test("without invoices there is one, of what the order says was paid", () => {
    const paid = { total_paid: "39.6000", payment: { method: "x", last_trans_id: "77-capture" } };
    expect(saleOf(orderOf(paid)).receipts).toEqual([
      { key: "77", amount: "39.60", at: "2026-10-31T23:30:00Z", transactionId: "77", invoiceId: null },
    ]);
    expect(saleOf(orderOf({ total_paid: 5 })).receipts).toMatchObject([
      { key: "order", transactionId: null },
    ]);
  });

  test("an invoice that cannot be read is held by its field", () => {
    expect(heldOf(orderOf(), [invoice({ grand_total: "free" })])).toMatchObject({
      hold: "fieldInvalid",
      field: "invoices[0].grand_total",
    });
    expect(heldOf(orderOf(), [without(invoice({}), "created_at")])).toMatchObject({
      hold: "fieldMissing",
      field: "invoices[0].created_at",
    });
  });
});

describe("the customer's key", () => {
  test("of a guest is the e-mail's, in any case and without showing it", () => {
    const hex = createHash("sha256").update("ada@example.com").digest("hex").slice(0, 12);
    const guest = { customer_id: null, customer_is_guest: 1, customer_email: " Ada@Example.COM" };
    expect(saleOf(orderOf(guest)).customer).toMatchObject({ key: `G${hex}`, registered: false });
    expect(saleOf(orderOf({ ...guest, customer_id: 0 })).customer.key).toBe(`G${hex}`);
  });

  test("without customer and e-mail is the order's own, and without an address there is none", () => {
    const unknown = { customer_id: null, customer_email: "" };
    expect(saleOf(orderOf(unknown)).customer.key).toBe("O000000501");
    expect(heldOf(orderOf({ ...unknown, billing_address: null }))).toMatchObject({
      hold: "fieldMissing",
      field: "customer_email",
    });
  });
});

describe("holds", () => {
  test.each([
    ["increment_id", "fieldMissing"],
    ["entity_id", "fieldMissing"],
    ["order_currency_code", "fieldMissing"],
    ["created_at", "fieldMissing"],
    ["grand_total", "fieldMissing"],
  ])("a missing %s is named", (field, hold) => {
    expect(heldOf(without(orderOf(), field))).toMatchObject({ hold, field });
    expect(heldOf(orderOf({ [field]: null }))).toMatchObject({ hold, field });
  });

  test.each([
    ["order_currency_code", "pounds"],
    ["order_currency_code", 826],
    ["created_at", "31/10/2026"],
    ["created_at", "2026-02-30 10:00:00"],
    ["grand_total", "thirty-nine"],
    ["grand_total", [39.6]],
    ["shipping_amount", "free"],
    ["tax_amount", "1e99"],
    ["customer_id", { id: 9 }],
  ])("a %s of %j is named and never repeated", (field, value) => {
    const held = heldOf(orderOf({ [field]: value }));
    expect(held).toMatchObject({ hold: "fieldInvalid", field });
    expect(held.detail).not.toMatch(/pounds|thirty|free|31\/10/);
  });

  test("a price in words is named by its place in the items", () => {
    const items = [itemOf({ row_total: 20 }), itemOf({ row_total: "call Ada on 555" })];
    const held = heldOf(orderOf({ items }));
    expect(held).toMatchObject({ hold: "fieldInvalid", field: "items[1].row_total" });
    expect(JSON.stringify(held)).not.toContain("Ada");
  });

  test("a broken list of fixed product taxes is named", () => {
    const items = [itemOf({ row_total: 30, weee_tax_applied: "[{" })];
    expect(heldOf(orderOf({ items }))).toMatchObject({
      hold: "fieldInvalid",
      field: "items[0].weee_tax_applied",
    });
  });

  test("items that are missing, and items that do not come to the subtotal", () => {
    expect(heldOf(without(orderOf(), "items"))).toMatchObject({ hold: "itemsMissing", field: "items" });
    expect(heldOf(orderOf({ items: [itemOf({ row_total: "29.98" })] })).hold).toBe("itemsMissing");
    expect(saleOf(orderOf({ items: [itemOf({ row_total: "29.99" })] })).lines).toHaveLength(1);
  });

  test("an order of nothing has no lines and is no hold here", () => {
    expect(saleOf(orderOf({ items: [], subtotal: 0, grand_total: 6 })).lines).toEqual([]);
  });

  test("a negative total", () => {
    expect(heldOf(orderOf({ grand_total: "-0.01" }))).toMatchObject({
      hold: "negativeTotal",
      field: "grand_total",
    });
    expect(saleOf(orderOf({ grand_total: 0 })).totals.grandTotal).toBe("0.00");
  });

  test("a cancelled order is a sale like any other: what is in the ledger of it may have to be taken back", () => {
    expect(saleOf(orderOf({ state: "canceled" })).state).toBe("canceled");
  });

  test.each<[string, Json]>([
    ["an event", { type: "sales_order_save", data: { key: "1", value: orderOf() } }],
    ["a page of a list", { items: [orderOf()], search_criteria: {}, total_count: 1 }],
    [
      "an invoice",
      { entity_id: 1, increment_id: "1", order_id: 501, grand_total: 1, order_currency_code: "GBP" },
    ],
    ["a list", [orderOf()]],
    ["text", "000000501"],
    ["null", null],
  ])("%s is not an order", (_name, body) => {
    expect(heldOf(body).hold).toBe("notAnOrder");
  });
});
