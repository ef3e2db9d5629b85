import { expect } from "vitest";
import { withSettings } from "../../engine/core/testing.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { endChapter, scenario } from "./harness.ts";
import { ACCOUNT, orgJson, SPEC } from "./organisation.ts";
import { account, before, is, rated, taxType } from "./rules.ts";
import { codesOf, keepInStock, linesOf, sumOf, taxesOf } from "./seen.ts";

const creating = withSettings(SPEC, { items: "create" });
const linking = withSettings(SPEC, { items: "link" });

scenario(
  "PROD-01",
  "Configurable",
  "A shirt of 40.00 with tax: the row of the configurable has the variant's sku TEE-RED-M, the row of the variant costs 0.00.",
  ({ books, says }) => {
    const shirt = { sku: "TEE-RED-M", name: "Shirt", rowTotal: 33.33, tax: 6.67, percent: 20 };
    const row = { ...shirt, type: "configurable", more: { product_id: 7 } };
    const variant = { sku: "TEE-RED-M", rowTotal: 0, more: { product_id: 71 } };
    const ledger = books({ spec: creating });
    const plan = ledger.post({ rows: [{ ...row, children: [variant] }], grandTotal: 40, tax: 6.67 });
    const invoice = ledger.invoice();
    says("the lines are the items without parent_item_id: one of 40.00", () =>
      expect(linesOf(invoice)).toEqual([[1, 40, 40, "OUTPUT2", ACCOUNT.sales]]),
    );
    says("its item is the variant, not the configurable", () => {
      expect(codesOf(invoice)).toEqual(["TEE-RED-M"]);
      const item = plan.documents.find(({ resource }) => resource === "Items");
      expect([item?.identity.sourceId, ledger.call("GET", "Items").Items.length]).toEqual([
        "71/TEE-RED-M",
        1,
      ]);
    });
    const alone = books({ spec: creating });
    alone.post({ rows: [row], grandTotal: 40, tax: 6.67 });
    says("the sum is unchanged if children are removed", () =>
      expect(linesOf(alone.invoice())).toEqual(linesOf(invoice)),
    );
  },
);

scenario(
  "PROD-02",
  "Bundle, fixed price",
  "A camera set of 100.00 with tax, price fixed; its children cost 0.00 with 1 and 2 pieces, at list prices of 120.00 and 40.00.",
  ({ books, says }) => {
    const ledger = books({
      spec: linking,
      items: [
        { code: "BODY", tracked: true, onHand: "5" },
        { code: "LENS", tracked: true, onHand: "5" },
      ],
    });
    for (const code of ["BODY", "LENS"]) keepInStock(ledger, code, 5);
    ledger.post({
      rows: [
        {
          sku: "SET",
          type: "bundle",
          rowTotal: 83.33,
          tax: 16.67,
          percent: 20,
          children: [
            { sku: "BODY", rowTotal: 0, more: { original_price: 120 } },
            { sku: "LENS", qty: 2, rowTotal: 0, more: { original_price: 20 } },
            { sku: "STRAP", rowTotal: 0 },
          ],
        },
      ],
      grandTotal: 100,
      tax: 16.67,
    });
    const invoice = ledger.invoice();
    says("the sum of the lines is the parent's row, not the children's list prices", () =>
      expect([sumOf(invoice.LineItems, "LineAmount"), invoice.Total, invoice.TotalTax]).toEqual([
        100, 100, 16.67,
      ]),
    );
    says(
      "tracked quantities are those of the children, at 0.00; what is not kept in stock has no line",
      () => {
        expect(linesOf(invoice)).toEqual([
          [1, 100, 100, "OUTPUT2", ACCOUNT.sales],
          [1, 0, 0, "OUTPUT2", ACCOUNT.sales],
          [2, 0, 0, "OUTPUT2", ACCOUNT.sales],
        ]);
        expect(codesOf(invoice)).toEqual([undefined, "BODY", "LENS"]);
      },
    );
  },
);

const VAT20 = [{ code: "VAT 20", percent: 20 }];

scenario(
  "PROD-03",
  "Bundle, dynamic price",
  "A bundle of 75.00 without tax on its parent, children of 30.00 at 20 % and 45.00 at 0 %; shipping 6.00 with tax.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post({
      rows: [
        {
          sku: "HAMPER",
          type: "bundle",
          rowTotal: 75,
          tax: 6,
          children: [
            { sku: "MUG", rowTotal: 30, tax: 6, percent: 20 },
            { sku: "BOOK", rowTotal: 45, percent: 0 },
          ],
        },
      ],
      shipping: { amount: 5, tax: 1, taxes: VAT20 },
      grandTotal: 87,
      tax: 7,
    });
    const invoice = ledger.invoice();
    says("parent or children, never both: the children's lines with their own tax types", () =>
      expect(linesOf(invoice)).toEqual([
        [1, 36, 36, "OUTPUT2", ACCOUNT.sales],
        [1, 45, 45, "ZERORATEDOUTPUT", ACCOUNT.sales],
        [1, 6, 6, "OUTPUT2", ACCOUNT.shipping],
      ]),
    );
    says("the sum of the goods with tax = T less shipping", () => {
      expect(sumOf(invoice.LineItems.slice(0, 2), "LineAmount")).toBe(87 - 6);
      expect([invoice.Total, invoice.TotalTax]).toEqual([87, 7]);
    });
  },
);

scenario(
  "PROD-04",
  "Bundle with tax-mixed children and one discount",
  "A hamper of 50.00 with tax: wine 30.00 at 20 %, chocolate 20.00 at 0 %; 5.00 off, spread as 3.00 and 2.00.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post({
      rows: [
        {
          sku: "HAMPER",
          type: "bundle",
          rowTotal: 45,
          children: [
            { sku: "WINE", rowTotal: 25, tax: 4.5, percent: 20, discount: 3, discountTax: 0.5 },
            { sku: "CHOCOLATE", rowTotal: 20, percent: 0, discount: 2 },
          ],
        },
      ],
      grandTotal: 45,
      tax: 4.5,
    });
    const invoice = ledger.invoice();
    says("the sums per TaxType: 27.00 with 4.50 of tax, 18.00 with none", () => {
      expect(linesOf(invoice)).toEqual([
        [1, 27, 27, "OUTPUT2", ACCOUNT.sales],
        [1, 18, 18, "ZERORATEDOUTPUT", ACCOUNT.sales],
      ]);
      expect([taxesOf(invoice), invoice.Total]).toEqual([{ OUTPUT2: 4.5, ZERORATEDOUTPUT: 0 }, 45]);
    });
  },
);

scenario(
  "PROD-05",
  "Grouped",
  "Three rows of product type grouped, none of which has a parent.",
  ({ books, says }) => {
    const row = (sku: string, rowTotal: number, tax: number) => ({
      sku,
      type: "grouped",
      rowTotal,
      tax,
      percent: 20,
    });
    const ledger = books();
    ledger.post({
      rows: [row("FORK", 10, 2), row("KNIFE", 20, 4), row("SPOON", 30, 6)],
      grandTotal: 72,
      tax: 12,
    });
    const invoice = ledger.invoice();
    says("as many lines as rows", () =>
      expect(invoice.LineItems.map((line: Body) => line.LineAmount)).toEqual([12, 24, 36]),
    );
    says("their total is the charge", () => expect([invoice.Total, invoice.TotalTax]).toEqual([72, 12]));
  },
);

scenario(
  "PROD-06",
  "Virtual/service",
  "An installation (virtual, attribute set Services), sold beside goods that other rules know by sku, category, attribute set and type.",
  ({ books, says }) => {
    const spec = before(
      SPEC,
      "revenueAccount",
      [[is("line.sku", "BY-SKU")], account(ACCOUNT.giftWrap)],
      [[{ op: "includes", fact: "line.categories", value: "Eco" }], account(ACCOUNT.ecoFee)],
      [[is("line.attributeSet", "Services")], account(ACCOUNT.services)],
      [[is("line.productType", "virtual")], account(ACCOUNT.surcharge)],
    );
    const row = (sku: string, more: object = {}) => ({ sku, rowTotal: 10, tax: 2, percent: 20, ...more });
    const known = { categories: ["Eco"], attributeSet: "Services", type: "virtual" };
    const order = {
      rows: [
        row("BY-SKU", known),
        row("ECO", known),
        row("INSTALL", { attributeSet: "Services", type: "virtual" }),
        row("VOUCHER", { type: "virtual" }),
        row("MUG"),
      ],
      grandTotal: 60,
      tax: 10,
    };
    const ledger = books({ spec });
    ledger.post(order);
    const accounts = ledger.invoice().LineItems.map((line: Body) => line.AccountCode);
    says("the account by the order of the rules: sku, category, attribute set, product type, default", () =>
      expect(accounts).toEqual([
        ACCOUNT.giftWrap,
        ACCOUNT.ecoFee,
        ACCOUNT.services,
        ACCOUNT.surcharge,
        ACCOUNT.sales,
      ]),
    );
    says("the first match wins, every time", () => expect(ledger.plan(order)).toEqual(ledger.plan(order)));
    says("no item is needed", () =>
      expect(codesOf(ledger.invoice()).every((code: unknown) => code === undefined)).toBe(true),
    );
  },
);

scenario(
  "PROD-07",
  "Downloadable",
  "An e-book of 11.90 with 19 % German tax, bought by a consumer in Germany; nothing is shipped.",
  ({ books, says }) => {
    const org = { taxRates: [...orgJson().taxRates, { taxType: "TAX002", name: "OSS DE 19%", rate: 19 }] };
    const digital = [is("order.billCountry", "DE"), is("line.productType", "downloadable")];
    const spec = before(
      before(SPEC, "taxType", [[...digital, rated("19")], taxType("TAX002")]),
      "revenueAccount",
      [[is("line.productType", "downloadable")], account(ACCOUNT.services)],
    );
    const book = { sku: "EBOOK", type: "downloadable", rowTotal: 10 };
    const ledger = books({ spec, org });
    ledger.post({
      rows: [{ ...book, tax: 1.9, percent: 19 }],
      country: "DE",
      grandTotal: 11.9,
      tax: 1.9,
      more: { is_virtual: 1 },
    });
    says("the billing country decides, since there is no shipping address", () =>
      expect(linesOf(ledger.invoice())).toEqual([[1, 11.9, 11.9, "TAX002", ACCOUNT.services]]),
    );
    says("the tax is that country's, and the total the charge", () =>
      expect([ledger.invoice().TotalTax, ledger.invoice().Total]).toEqual([1.9, 11.9]),
    );
    const home = { rows: [{ ...book, tax: 2, percent: 20 }], grandTotal: 12, tax: 2 };
    const britain = books({ spec, org });
    britain.post({ ...home, more: { is_virtual: 1 } });
    says("at home it has the home rate", () =>
      expect(linesOf(britain.invoice())).toEqual([[1, 12, 12, "OUTPUT2", ACCOUNT.services]]),
    );
  },
);

scenario(
  "PROD-08",
  "Custom options with a surcharge",
  "A ring of 45.00 with tax, of which 5.00 is the engraving that the buyer chose.",
  ({ books, says }) => {
    const spec = { ...SPEC, fields: { ...SPEC.fields, lineDescription: "{line.name|Item} {line.options}" } };
    const engraved = (text: string) => ({
      rows: [
        {
          sku: "RING",
          name: "Ring",
          rowTotal: 37.5,
          tax: 7.5,
          percent: 20,
          more: { product_options: { options: [{ label: "Engraving", print_value: text }] } },
        },
      ],
      grandTotal: 45,
      tax: 7.5,
    });
    const ledger = books({ spec });
    ledger.post(engraved("for J."));
    const [line] = ledger.invoice().LineItems;
    says("the description contains the options", () =>
      expect(line.Description).toBe("Ring Engraving: for J."),
    );
    says("the amount is unchanged: one line of 45.00", () =>
      expect(linesOf(ledger.invoice())).toEqual([[1, 45, 45, "OUTPUT2", ACCOUNT.sales]]),
    );
    const long = books({ spec });
    long.post(engraved("love ".repeat(1_000)));
    says("however long they are, it has at most 4,000 characters", () =>
      expect(long.invoice().LineItems[0].Description).toMatch(/^Ring Engraving: love[\s\S]{3900,3979}…$/),
    );
  },
);

endChapter("03-products-a", "Products");
