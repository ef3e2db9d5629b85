import { expect } from "vitest";
import { itemCodeOf } from "../../engine/core/item-code.ts";
import { withSettings, withTables } from "../../engine/core/testing.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { endChapter, scenario } from "./harness.ts";
import { ACCOUNT, SPEC } from "./organisation.ts";
import { account, before, CARD_ORDER, hold, is, only, taxType } from "./rules.ts";
import { codesOf, invoiceNumbered, keepInStock, linesOf, sumOf } from "./seen.ts";

const linking = withSettings(SPEC, { items: "link" });
const creating = withSettings(SPEC, { items: "create" });
const described = (spec: typeof SPEC) => ({
  ...spec,
  fields: { ...spec.fields, lineDescription: "{line.name|Item} {line.sku}" },
});

scenario(
  "PROD-09",
  "Decimal quantity",
  "1.375 kg at 12.99 without tax and 5 %: row total 17.8613, tax 0.89, grand total 18.7513.",
  ({ books, says }) => {
    const ledger = books({ spec: withSettings(SPEC, { lineAmountTypes: "Exclusive" }) });
    ledger.post({
      rows: [{ sku: "CHEESE", qty: 1.375, rowTotal: 17.8613, tax: 0.89, percent: 5 }],
      grandTotal: 18.7513,
      tax: 0.89,
    });
    const invoice = ledger.invoice();
    says("T = grand_total rounded to cents", () =>
      expect([invoice.Total, invoice.TotalTax]).toEqual([18.75, 0.89]),
    );
    says("the quantity has at most four decimals, and is the store's", () =>
      expect(linesOf(invoice)).toEqual([[1.375, 12.9891, 17.86, "RROUTPUT", ACCOUNT.sales]]),
    );
  },
);

scenario("PROD-10", "Zero-price line", "A mug of 12.00 with tax, and 3 free samples.", ({ books, says }) => {
  const order = {
    rows: [
      { sku: "MUG", rowTotal: 10, tax: 2, percent: 20 },
      { sku: "SAMPLE", qty: 3, rowTotal: 0, percent: 20 },
    ],
    grandTotal: 12,
    tax: 2,
  };
  const kept = books();
  kept.post(order);
  says("kept with its quantity", () =>
    expect(linesOf(kept.invoice())[1]).toEqual([3, 0, 0, "OUTPUT2", ACCOUNT.sales]),
  );
  const dropping = withSettings(SPEC, { zeroLines: "drop" });
  const dropped = books({ spec: dropping });
  dropped.post(order);
  says("or dropped by setting", () => expect(dropped.invoice().LineItems).toHaveLength(1));
  const tracked = books({
    spec: withSettings(dropping, { items: "link" }),
    items: [{ code: "SAMPLE", tracked: true, onHand: "10" }],
  });
  keepInStock(tracked, "SAMPLE", 10);
  tracked.post(order);
  says("kept all the same when its item is in stock, which it leaves", () => {
    expect(linesOf(tracked.invoice())[1]).toEqual([3, 0, 0, "OUTPUT2", ACCOUNT.sales]);
    expect(tracked.call("GET", "Items/SAMPLE").Items[0].QuantityOnHand).toBe(7);
  });
  says("the total is unchanged", () =>
    expect([kept, dropped, tracked].map((ledger) => ledger.invoice().Total)).toEqual([12, 12, 12]),
  );
});

scenario(
  "PROD-11",
  "Deleted SKU",
  "A line whose product is gone from the catalogue: product_id null, its row has sku, name and type.",
  ({ books, says }) => {
    const order = {
      rows: [
        { name: "Old lamp", type: "virtual", rowTotal: 30, tax: 6, percent: 20, more: { product_id: null } },
      ],
      grandTotal: 36,
      tax: 6,
    };
    const spec = before(linking, "revenueAccount", [
      [is("line.productType", "virtual")],
      account(ACCOUNT.services),
    ]);
    const ledger = books({ spec });
    ledger.post(order);
    const invoice = ledger.invoice();
    says("the order's own rows are enough: no product is asked for", () =>
      expect([invoice.Total, invoice.LineItems[0].Description]).toEqual([36, "Old lamp"]),
    );
    says("no item, and the account by what the row itself says", () => {
      expect(codesOf(invoice)).toEqual([undefined]);
      expect(linesOf(invoice)).toEqual([[1, 36, 36, "OUTPUT2", ACCOUNT.services]]);
    });
    const byCategory = before(SPEC, "revenueAccount", [
      [{ op: "includes", fact: "line.categories", value: "Lamps" }],
      account(ACCOUNT.services),
    ]);
    says("only a rule that asks for what the catalogue alone knows waits", () =>
      expect(books({ spec: byCategory }).held(order).hold).toBe("factUnknown"),
    );
  },
);

scenario(
  "PROD-12",
  "SKU longer than 30",
  "A chair with the sku CHAIR-OAK-DARK-LEATHER-XXL-2026 (31 characters), and one that ends in 2027.",
  ({ books, says }) => {
    const skus = ["CHAIR-OAK-DARK-LEATHER-XXL-2026", "CHAIR-OAK-DARK-LEATHER-XXL-2027"];
    const order = (number: number) => ({
      id: number,
      number: `100000${number}`,
      rows: skus.map((sku) => ({ sku, name: "Chair", rowTotal: 100, tax: 20, percent: 20 })),
      grandTotal: 240,
      tax: 40,
    });
    const ledger = books({ spec: described(creating) });
    ledger.post(order(501));
    const codes = codesOf(ledger.invoice());
    says("each has a code of its own: 21 characters, ~ and a hash", () => {
      expect(codes).toEqual(skus.map(itemCodeOf));
      expect(codes.every((code) => /^CHAIR-OAK-DARK-LEATHE~[0-9a-f]{8}$/.test(code ?? ""))).toBe(true);
      expect(new Set(codes).size).toBe(2);
    });
    ledger.post(order(502));
    says("the same sku has the same code for ever, and its item is made once", () => {
      expect(codesOf(invoiceNumbered(ledger, "100000502"))).toEqual(codes);
      expect(ledger.call("GET", "Items").Items).toHaveLength(2);
    });
    says("the full sku is in the descriptions of the item and of the line", () => {
      expect(ledger.call("GET", `Items/${codes[0]}`).Items[0].Description).toBe(`Chair (${skus[0]})`);
      expect(ledger.invoice().LineItems[0].Description).toBe(`Chair ${skus[0]}`);
    });
    says("capitals and trailing spaces tell skus apart", () =>
      expect(new Set(["mug", "MUG", "MUG "].map(itemCodeOf)).size).toBe(3),
    );
  },
);

scenario(
  "PROD-13",
  "Item is tracked in Xero",
  "300 screws for 100.01 with tax, kept in stock at a cost of 1.00 each; no unit price of four decimals gives that.",
  ({ books, says }) => {
    const ledger = books({ spec: linking, items: [{ code: "SCREW", tracked: true, onHand: "1000" }] });
    keepInStock(ledger, "SCREW", 1_000);
    ledger.post({
      rows: [{ sku: "SCREW", qty: 300, rowTotal: 83.34, tax: 16.67, percent: 20 }],
      grandTotal: 100.01,
      tax: 16.67,
    });
    const invoice = ledger.invoice();
    says("the quantities of the sku sum to what was invoiced, and the amounts to the charge", () => {
      expect(sumOf(invoice.LineItems, "Quantity")).toBe(300);
      expect([invoice.LineItems.length, invoice.Total, invoice.TotalTax]).toEqual([2, 100.01, 16.67]);
      expect(codesOf(invoice)).toEqual(["SCREW", "SCREW"]);
    });
    says("Xero posts the cost from that quantity", () =>
      expect([
        ledger.balance(ACCOUNT.costOfGoods),
        ledger.balance(ACCOUNT.inventory),
        ledger.call("GET", "Items/SCREW").Items[0].QuantityOnHand,
      ]).toEqual([300, 700, 700]),
    );
  },
);

scenario(
  "PROD-14",
  "Untracked item",
  "A mug sold for 12.00 with tax whose item has a price of 99.00 in Xero.",
  ({ books, says }) => {
    const ledger = books({ spec: linking, items: [{ code: "MUG", tracked: false, onHand: null }] });
    ledger.call("PUT", "Items", {
      Code: "MUG",
      SalesDetails: { UnitPrice: 99, AccountCode: ACCOUNT.services, TaxType: "ZERORATEDOUTPUT" },
    });
    const order = (id: number, rowTotal: number, tax: number) => ({
      id,
      number: `100000${id}`,
      rows: [{ sku: "MUG", rowTotal, tax, percent: 20 }],
      grandTotal: rowTotal + tax,
      tax,
    });
    const plan = ledger.post(order(501, 10, 2));
    says("UnitAmount is always sent, also for nothing", () => {
      expect(plan.documents.at(-1)?.body).toMatchObject({
        LineItems: [{ UnitAmount: "12.00", ItemCode: "MUG" }],
      });
      ledger.post(order(502, 0, 0));
      expect(invoiceNumbered(ledger, "100000502").Total).toBe(0);
    });
    says("what was charged counts, not the item's price, account or tax type", () =>
      expect(linesOf(invoiceNumbered(ledger, "100000501"))).toEqual([[1, 12, 12, "OUTPUT2", ACCOUNT.sales]]),
    );
    says("an item that we make has no price", () => {
      const made = books({ spec: creating });
      made.post(order(503, 10, 2));
      expect(made.call("GET", "Items/MUG").Items[0].SalesDetails.UnitPrice).toBeUndefined();
    });
  },
);

scenario(
  "PROD-15",
  "Gift wrapping",
  "Adobe Commerce: goods of 36.00 with tax, the order wrapped for 2.00 and its items for 1.50 without tax, 0.70 of tax on both.",
  ({ books, says }) => {
    const order = {
      rows: [{ sku: "LAMP", rowTotal: 30, tax: 6, percent: 20 }],
      grandTotal: 40.2,
      tax: 6.7,
      extension: {
        gw_price: "2.0000",
        gw_tax_amount: "0.4000",
        gw_items_price: "1.5000",
        gw_items_tax_amount: "0.3000",
        gw_card_price: "",
      },
    };
    const rules = (name: "feeAccount" | "feeTaxType", otherwise: ReturnType<typeof account>) =>
      only(otherwise, [
        [is("fee.code", "giftWrap")],
        name === "feeAccount" ? account(ACCOUNT.giftWrap) : taxType("OUTPUT2"),
      ]);
    const unmapped = only(hold("unknown total"));
    const spec = withTables(SPEC, {
      feeAccount: rules("feeAccount", hold("unknown total")),
      feeTaxType: rules("feeTaxType", hold("unknown total")),
    });
    const ledger = books({ spec });
    ledger.post(order);
    const invoice = ledger.invoice();
    says("the residual is 0.00: the wraps are lines with their tax", () => {
      expect(linesOf(invoice)).toEqual([
        [1, 36, 36, "OUTPUT2", ACCOUNT.sales],
        [1, 2.4, 2.4, "OUTPUT2", ACCOUNT.giftWrap],
        [1, 1.8, 1.8, "OUTPUT2", ACCOUNT.giftWrap],
      ]);
      expect([invoice.Total, invoice.TotalTax]).toEqual([40.2, 6.7]);
    });
    const held = books({ spec: withTables(SPEC, { feeAccount: unmapped }) }).held(order);
    says("without a rule for it the order waits; nothing goes to rounding", () =>
      expect(held.hold).toBe("ruleHolds"),
    );
  },
);

/** What shops have had in names. */
const NASTY = [
  "<b>Bold</b> <script>alert(1)</script>lamp",
  "Lamp 🪔 👨‍👩‍👧 \u{e0041}",
  "Lamp\u0000\u0007\u001b[31m",
  "\ud800 half a pair \udc00",
  "Cafe\u0301",
  "a < b > c & d",
  "   ",
  "\u202eright to left",
  "L".repeat(5_000),
  `x${"🪔".repeat(2_500)}`,
];

scenario(
  "PROD-17",
  "HTML, emoji, 5,000-character names",
  "Ten products whose names are markup, control characters, halves of letters, nothing, or 5,000 characters long.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post({
      rows: NASTY.map((name, index) => ({ sku: `N${index}`, name, rowTotal: 10, tax: 2, percent: 20 })),
      grandTotal: 120,
      tax: 20,
    });
    const texts: string[] = ledger.invoice().LineItems.map((line: Body) => line.Description);
    says("every description is valid UTF-8 without control characters or tags", () => {
      for (const text of texts) {
        expect(Buffer.from(text).toString()).toBe(text);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}<>]/u);
      }
      expect(texts.slice(0, 5)).toEqual([
        "Bold alert(1) lamp",
        expect.any(String),
        "Lamp [31m",
        "half a pair",
        "Café",
      ]);
    });
    says("none is empty, none is longer than 4,000; a cut one ends in an ellipsis", () => {
      expect(texts.every((text) => text.length > 0 && text.length <= 4_000)).toBe(true);
      expect(texts[6]).toBe("Item");
      expect(texts.slice(8).map((text) => text.at(-1))).toEqual(["…", "…"]);
    });
    says("text never blocks money", () => expect(ledger.invoice().Total).toBe(120));
    const everywhere = books({
      spec: { ...creating, fields: { ...SPEC.fields, invoiceReference: "{customer.name}" } },
    });
    everywhere.post({
      ...CARD_ORDER,
      name: [NASTY[0] ?? "", NASTY[8] ?? ""],
      rows: [{ ...CARD_ORDER.rows[0], name: NASTY[9] ?? "" }],
    });
    says("nor does that of items, contacts and references", () =>
      expect(everywhere.invoice().Total).toBe(65.88),
    );
  },
);

endChapter("03-products-b", "Products as items of the ledger");
