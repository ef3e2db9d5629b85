import { expect } from "vitest";
import { withSettings } from "../../engine/core/testing.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { endChapter, readSale, scenario } from "./harness.ts";
import { ACCOUNT, SPEC } from "./organisation.ts";
import { account, before, is, only, rated, specOf, taxedBy, taxType } from "./rules.ts";
import { invoiceNumbered, linesOf, sumOf, taxesOf, typesOf } from "./seen.ts";

const VAT20 = [{ code: "VAT 20", percent: 20 }];
const exclusive = withSettings(SPEC, { lineAmountTypes: "Exclusive" });

scenario(
  "TAX-01",
  "Exclusive prices, one rate",
  "UK, prices without tax: 2 x 24.95, shipping 5.00, tax 10.98, charged 65.88.",
  ({ books, says }) => {
    const ledger = books({ spec: exclusive });
    ledger.post({
      rows: [{ sku: "MUG", qty: 2, rowTotal: 49.9, tax: 9.98, percent: 20 }],
      shipping: { amount: 5, tax: 1, taxes: [{ code: "VAT 20", percent: 20, amount: 1 }] },
      grandTotal: 65.88,
      tax: 10.98,
      paid: 65.88,
      transaction: "ch_1",
    });
    const invoice = ledger.invoice();
    says("Total = T", () => expect(invoice.Total).toBe(65.88));
    says("TotalTax = t", () => expect(invoice.TotalTax).toBe(10.98));
    says("SubTotal = subtotal + shipping_amount", () => expect(invoice.SubTotal).toBe(54.9));
    says("AmountDue = 0 after the payment", () =>
      expect([invoice.AmountDue, invoice.Status]).toEqual([0, "PAID"]),
    );
    says("clearing holds the gross", () => expect(ledger.balance("091")).toBe(65.88));
  },
);

scenario(
  "TAX-02",
  "Inclusive prices",
  "UK, 3 x 9.99 with tax: price 8.32, row total 24.97, tax 5.00; shipping 4.99 with tax; charged 34.96.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post({
      rows: [{ sku: "CUP", qty: 3, rowTotal: 24.97, tax: 5, percent: 20, more: { price: 8.32 } }],
      shipping: { amount: 4.16, tax: 0.83, taxes: VAT20 },
      grandTotal: 34.96,
      tax: 5.83,
      paid: 34.96,
    });
    const invoice = ledger.invoice();
    says("Total = 34.96, with 5.83 of tax", () =>
      expect([invoice.LineAmountTypes, invoice.Total, invoice.TotalTax]).toEqual(["Inclusive", 34.96, 5.83]),
    );
    says("the lines are 3 x 9.99 and 1 x 4.99", () =>
      expect(linesOf(invoice)).toEqual([
        [3, 9.99, 29.97, "OUTPUT2", ACCOUNT.sales],
        [1, 4.99, 4.99, "OUTPUT2", ACCOUNT.shipping],
      ]),
    );
    says("AmountDue = 0 after the payment of 34.96", () => expect(invoice.AmountDue).toBe(0));
  },
);

scenario(
  "TAX-03",
  "Mixed rates in one order",
  "UK, 30.00 at 20 %, 2 x 10.50 at 5 %, a book of 8.00 at 0 %, shipping 6.00 at 20 %, all with tax; charged 65.00, tax 7.00.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post({
      rows: [
        { sku: "LAMP", rowTotal: 25, tax: 5, percent: 20 },
        { sku: "SEAT", qty: 2, rowTotal: 20, tax: 1, percent: 5 },
        { sku: "BOOK", rowTotal: 8, percent: 0 },
      ],
      shipping: { amount: 5, tax: 1, taxes: VAT20 },
      grandTotal: 65,
      tax: 7,
    });
    const invoice = ledger.invoice();
    says("for each TaxType the tax is Magento's tax of it", () =>
      expect(taxesOf(invoice)).toEqual({ OUTPUT2: 6, RROUTPUT: 1, ZERORATEDOUTPUT: 0 }),
    );
    says("their sum = t, and the total is the charge", () =>
      expect([invoice.TotalTax, invoice.Total]).toEqual([7, 65]),
    );
    says("four lines, each of its own rate", () =>
      expect(invoice.LineItems.map((line: Body) => line.TaxType)).toEqual([
        "OUTPUT2",
        "RROUTPUT",
        "ZERORATEDOUTPUT",
        "OUTPUT2",
      ]),
    );
  },
);

scenario(
  "TAX-04",
  "Tax on shipping",
  "UK, zero-rated goods of 40.00 only; shipping 10.00 with shipping tax 2.00.",
  ({ books, says }) => {
    const ledger = books({ spec: exclusive });
    ledger.post({
      rows: [{ sku: "BOOK", rowTotal: 40, percent: 0 }],
      shipping: { amount: 10, tax: 2, taxes: [{ code: "VAT 20", percent: 20, amount: 2 }] },
      grandTotal: 52,
      tax: 2,
    });
    const [goods, shipping] = ledger.invoice().LineItems;
    says("the tax of shipping = shipping_tax_amount", () => expect(shipping.TaxAmount).toBe(2));
    says("its TaxType comes from the taxes applied to shipping, not from the items", () =>
      expect([goods.TaxType, shipping.TaxType]).toEqual(["ZERORATEDOUTPUT", "OUTPUT2"]),
    );
  },
);

scenario(
  "TAX-05",
  "Shipping taxed at a mix of rates",
  "UK, an extension splits shipping of 8.00 by value: 5.00 at 20 % and 3.00 at 5 %, shipping tax 1.15.",
  ({ books, says }) => {
    const ledger = books({ spec: exclusive });
    ledger.post({
      rows: [
        { sku: "LAMP", rowTotal: 50, tax: 10, percent: 20 },
        { sku: "SEAT", rowTotal: 30, tax: 1.5, percent: 5 },
      ],
      shipping: {
        amount: 8,
        tax: 1.15,
        taxes: [
          { code: "VAT 20", percent: 20, amount: 1 },
          { code: "VAT 5", percent: 5, amount: 0.15 },
        ],
      },
      grandTotal: 100.65,
      tax: 12.65,
    });
    const invoice = ledger.invoice();
    const shipping = invoice.LineItems.filter((line: Body) => line.AccountCode === ACCOUNT.shipping);
    says("as many shipping lines as taxes applied to shipping: 5.00 and 3.00, each of its rate", () =>
      expect(shipping.map((line: Body) => [line.LineAmount, line.TaxType])).toEqual([
        [5, "OUTPUT2"],
        [3, "RROUTPUT"],
      ]),
    );
    says("their tax sums to 1.15", () => expect(sumOf(shipping, "TaxAmount")).toBe(1.15));
    says("the total is the charge", () => expect([invoice.Total, invoice.TotalTax]).toEqual([100.65, 12.65]));
  },
);

const EXPORT_RATES = {
  taxRates: [
    { taxType: "OUTPUT2", name: "20% (VAT on Income)", rate: 20 },
    { taxType: "ZERORATEDOUTPUT", name: "Zero Rated Income", rate: 0 },
    { taxType: "TAX001", name: "Zero Rated Exports", rate: 0 },
    { taxType: "NONE", name: "No VAT", rate: 0 },
  ],
};

scenario(
  "TAX-06",
  "Zero-rated export",
  "UK shop, 120.00 with UK VAT; a US customer pays 100.00 and shipping 10.00 at rate 0.",
  ({ books, says }) => {
    const abroad = { op: "isNot", fact: "order.shipCountry", value: "GB" } as const;
    const spec = taxedBy(
      specOf(EXPORT_RATES),
      { kind: "hold", reason: "No tax type for this rate." },
      [[rated("0"), abroad], taxType("TAX001")],
      [[rated("0")], taxType("ZERORATEDOUTPUT")],
      [[rated("20")], taxType("OUTPUT2")],
    );
    const ledger = books({ spec, org: EXPORT_RATES });
    const order = {
      rows: [{ sku: "BAG", rowTotal: 100, percent: 0 }],
      shipping: { amount: 10 },
      grandTotal: 110,
      country: "US",
      shipments: [
        {
          entity_id: 9,
          increment_id: "000000009",
          order_id: 501,
          created_at: "2026-05-05 08:00:00",
          items: [],
          tracks: [{ track_number: "TRACK-1", carrier_code: "ups", title: "UPS" }],
        },
      ],
    };
    ledger.post(order);
    const invoice = ledger.invoice();
    ledger.post({ ...order, shipments: [], id: 502, number: "100000502", country: "GB" });
    const domestic = invoiceNumbered(ledger, "100000502");
    ledger.post({
      id: 503,
      number: "100000503",
      country: "US",
      rows: [{ sku: "BAG", rowTotal: 100, tax: 20, percent: 20 }],
      grandTotal: 120,
      tax: 20,
    });
    const taxed = invoiceNumbered(ledger, "100000503");
    says("EXPORT when the destination is outside of the tax territory and the tax is 0", () =>
      expect(typesOf(invoice)).toEqual(["TAX001", "TAX001"]),
    );
    says("and only then: not at home at 0 %, not abroad with tax", () =>
      expect([typesOf(domestic), typesOf(taxed)]).toEqual([
        ["ZERORATEDOUTPUT", "ZERORATEDOUTPUT"],
        ["OUTPUT2"],
      ]),
    );
    says("the value is in the sales, tax 0", () =>
      expect([invoice.Total, invoice.TotalTax]).toEqual([110, 0]),
    );
    const sale = readSale(order);
    says("the evidence is kept: country, carrier, tracking number", () =>
      expect([sale.billing?.country, sale.shipments[0]?.tracks]).toEqual([
        "US",
        [{ carrier: "ups", title: "UPS", number: "TRACK-1" }],
      ]),
    );
  },
);

const CLASS_RATES = {
  taxRates: [
    { taxType: "OUTPUT2", name: "20% (VAT on Income)", rate: 20 },
    { taxType: "RROUTPUT", name: "5% (VAT on Income)", rate: 5 },
    { taxType: "ZERORATEDOUTPUT", name: "Zero Rated Income", rate: 0 },
    { taxType: "EXEMPTOUTPUT", name: "Exempt Income", rate: 0 },
    { taxType: "NONE", name: "No VAT", rate: 0 },
  ],
};

scenario(
  "TAX-09",
  "UK 20/5/0 and exempt",
  "UK, one product of each tax class: Standard, Reduced, Zero (a book), Exempt (insurance).",
  ({ books, says }) => {
    const home = is("order.shipCountry", "GB");
    const spec = taxedBy(
      specOf(CLASS_RATES),
      { kind: "hold", reason: "No rule covers this tax class." },
      [[is("line.taxClass", "Standard"), home], taxType("OUTPUT2")],
      [[is("line.taxClass", "Reduced"), home], taxType("RROUTPUT")],
      [[is("line.taxClass", "Zero"), home], taxType("ZERORATEDOUTPUT")],
      [
        [is("line.taxClass", "Exempt"), is("order.customerTaxClass", "Retail Customer")],
        taxType("EXEMPTOUTPUT"),
      ],
    );
    const ledger = books({ spec, org: CLASS_RATES });
    const rows = [
      { sku: "LAMP", taxClass: "Standard", rowTotal: 10, tax: 2, percent: 20 },
      { sku: "SEAT", taxClass: "Reduced", rowTotal: 20, tax: 1, percent: 5 },
      { sku: "BOOK", taxClass: "Zero", rowTotal: 8, percent: 0 },
      { sku: "COVER", taxClass: "Exempt", rowTotal: 5, percent: 0 },
    ];
    ledger.post({ rows, grandTotal: 46, tax: 3 });
    const invoice = ledger.invoice();
    says("TaxType is a function of product tax class, customer tax class and destination", () =>
      expect(typesOf(invoice)).toEqual(["OUTPUT2", "RROUTPUT", "ZERORATEDOUTPUT", "EXEMPTOUTPUT"]),
    );
    const abroad = ledger.held({ id: 502, number: "100000502", rows, grandTotal: 46, tax: 3, country: "FR" });
    says("zero and exempt are told apart, and the same class abroad is another case", () =>
      expect([abroad.hold, abroad.detail]).toEqual(["ruleHolds", expect.stringContaining("taxType")]),
    );
    const unmapped = { rows: [{ sku: "FOOD", taxClass: "Food", rowTotal: 4, percent: 0 }], grandTotal: 4 };
    says("a class without a rule is named before anything is posted", () => {
      const held = ledger.held({ id: 503, number: "100000503", ...unmapped });
      expect(held).toMatchObject({ hold: "ruleHolds", field: "/lines/0" });
      expect(ledger.call("GET", "Invoices").Invoices).toHaveLength(1);
    });
  },
);

scenario(
  "TAX-10",
  "AU GST 10 %, GST-free, BAS Excluded",
  "AU, 33.00 with GST, fresh food 20.00 GST-free, shipping 11.00 with GST, and a gift card of 50.00.",
  ({ books, says }) => {
    const org = {
      country: "AU",
      baseCurrency: "AUD",
      currencies: ["AUD"],
      timezone: "Australia/Sydney",
      dayRates: {},
      taxRates: [
        { taxType: "OUTPUT", name: "GST on Income", rate: 10 },
        { taxType: "EXEMPTOUTPUT", name: "GST Free Income", rate: 0 },
        { taxType: "BASEXCLUDED", name: "BAS Excluded", rate: 0 },
      ],
    };
    const giftCard = is("line.productType", "giftcard");
    const taxed = before(specOf(org, { "taxType.0": "EXEMPTOUTPUT" }), "taxType", [
      [giftCard],
      taxType("BASEXCLUDED"),
    ]);
    const spec = before(taxed, "revenueAccount", [[giftCard], account(ACCOUNT.giftCards)]);
    const ledger = books({ spec, org });
    ledger.post({
      currency: "AUD",
      country: "AU",
      rows: [
        { sku: "PAN", rowTotal: 30, tax: 3, percent: 10 },
        { sku: "FRUIT", rowTotal: 20, percent: 0 },
        { sku: "CARD", type: "giftcard", rowTotal: 50, percent: 0 },
      ],
      shipping: { amount: 10, tax: 1, taxes: [{ code: "GST", percent: 10, amount: 1 }] },
      grandTotal: 114,
      tax: 4,
    });
    const invoice = ledger.invoice();
    const baseOf = (type: string) =>
      sumOf(
        invoice.LineItems.filter((line: Body) => line.TaxType === type),
        "LineAmount",
      );
    says("the tax at OUTPUT sums to 4.00", () => expect(taxesOf(invoice).OUTPUT).toBe(4));
    says("the GST-free base is 20.00", () => expect(baseOf("EXEMPTOUTPUT")).toBe(20));
    says("the base outside of the BAS is 50.00, on the liability account", () => {
      expect(baseOf("BASEXCLUDED")).toBe(50);
      expect(ledger.balance(ACCOUNT.giftCards)).toBe(-50);
    });
  },
);

scenario(
  "TAX-11",
  "NZ GST 15 %",
  "NZ, 57.50 and shipping 6.90 with GST: tax 7.50 + 0.90, charged 64.40.",
  ({ books, says }) => {
    const org = {
      country: "NZ",
      baseCurrency: "NZD",
      currencies: ["NZD"],
      timezone: "Pacific/Auckland",
      dayRates: {},
      taxRates: [
        { taxType: "OUTPUT2", name: "15% GST on Income", rate: 15 },
        { taxType: "ZERORATED", name: "Zero Rated", rate: 0 },
        { taxType: "NONE", name: "No GST", rate: 0 },
      ],
    };
    const ledger = books({ spec: specOf(org), org });
    ledger.post({
      currency: "NZD",
      country: "NZ",
      rows: [{ sku: "WOOL", rowTotal: 50, tax: 7.5, percent: 15 }],
      shipping: { amount: 6, tax: 0.9, taxes: [{ code: "GST", percent: 15, amount: 0.9 }] },
      grandTotal: 64.4,
      tax: 8.4,
    });
    const invoice = ledger.invoice();
    says("TotalTax = t, as the store charged it", () => expect(invoice.TotalTax).toBe(8.4));
    says("the total is the charge, all at OUTPUT2", () =>
      expect([invoice.Total, typesOf(invoice)]).toEqual([64.4, ["OUTPUT2", "OUTPUT2"]]),
    );
  },
);

scenario(
  "TAX-27",
  "Tax-exempt customer",
  "UK, a charity of the customer tax class Exempt Customer buys for 60.00 without tax, at home.",
  ({ books, says }) => {
    const rules = [
      [[is("order.customerTaxClass", "Exempt Customer")], taxType("EXEMPTOUTPUT")],
      [[rated("0"), { op: "isNot", fact: "order.shipCountry", value: "GB" }], taxType("ECZROUTPUT")],
      [[rated("0")], taxType("ZERORATEDOUTPUT")],
    ] as const;
    const spec = { ...SPEC, tables: { ...SPEC.tables, taxType: only(taxType("OUTPUT2"), ...rules) } };
    const ledger = books({ spec });
    const order = { rows: [{ sku: "TENT", rowTotal: 60, percent: 0 }], grandTotal: 60 };
    ledger.post({ ...order, more: { customer_group_id: 3 } });
    ledger.post({ ...order, id: 502, number: "100000502" });
    ledger.post({ ...order, id: 503, number: "100000503", country: "FR" });
    says("the type depends on the reason (customer class, goods, destination), not on the amount", () =>
      expect(
        ["100000501", "100000502", "100000503"].map((number) => typesOf(invoiceNumbered(ledger, number))),
      ).toEqual([["EXEMPTOUTPUT"], ["ZERORATEDOUTPUT"], ["ECZROUTPUT"]]),
    );
  },
);

endChapter("01-tax", "Tax");
