import { describe, expect, test } from "vitest";
import type { Held } from "./hold.ts";
import type { MappingSpec } from "./mapping.ts";
import type { Org } from "./org.ts";
import { type DocumentPlan, leafPointers } from "./plan.ts";
import { planSale } from "./plan-sale.ts";
import type { CanonicalSale } from "./sale.ts";
import type { Json } from "./shapes.ts";
import { lineOf, orgGb, saleGb, specGb, withSettings, withTables } from "./testing.ts";
import { wireText } from "./wire.ts";

type Given = { sale?: Partial<CanonicalSale>; spec?: MappingSpec; org?: Partial<Org> };

const planOf = ({ sale = {}, spec = specGb, org = {} }: Given = {}) =>
  planSale({ sale: { ...saleGb, ...sale }, spec, org: { ...orgGb, ...org } });

function planned(given: Given = {}): DocumentPlan {
  const plan = planOf(given);
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}

function held(given: Given): Held {
  const plan = planOf(given);
  if (plan.ok) throw new Error("expected a hold");
  return plan.error;
}

const bodyOf = (plan: DocumentPlan, step: string): { [key: string]: Json } =>
  plan.documents.find((document) => document.step === step)?.body ?? {};

const linesOf = (plan: DocumentPlan) => bodyOf(plan, "invoice").LineItems as { [key: string]: Json }[];

describe("the plan of an everyday order", () => {
  test("is a contact, an invoice and a payment that come to the order's total", () => {
    const plan = planned();
    expect(plan.documents.map(({ step, resource, after }) => ({ step, resource, after }))).toEqual([
      { step: "contact", resource: "Contacts", after: [] },
      { step: "invoice", resource: "Invoices", after: ["contact"] },
      { step: "payment-1", resource: "Payments", after: ["invoice"] },
    ]);
    expect(bodyOf(plan, "invoice")).toEqual({
      Type: "ACCREC",
      Contact: { ContactID: null },
      InvoiceNumber: "000000017",
      Reference: "000000017",
      Date: "2026-10-31",
      DueDate: "2026-10-31",
      LineAmountTypes: "Inclusive",
      CurrencyCode: "GBP",
      Status: "AUTHORISED",
      LineItems: [
        {
          Description: "Product 1",
          Quantity: "3",
          UnitAmount: "12.00",
          LineAmount: "36.00",
          TaxType: "OUTPUT2",
          AccountCode: "200",
        },
        {
          Description: "Shipping: Flat rate",
          Quantity: "1",
          UnitAmount: "6.00",
          LineAmount: "6.00",
          TaxType: "OUTPUT2",
          AccountCode: "202",
        },
      ],
    });
    expect(bodyOf(plan, "payment-1")).toEqual({
      Invoice: { InvoiceID: null },
      Account: { Code: "092" },
      Date: "2026-11-01",
      Amount: "42.00",
      Reference: "000000017 ch_1",
    });
    expect(plan.checks).toEqual([
      { step: "invoice", name: "total", expected: "42.00", actual: "42.00", currency: "GBP" },
      { step: "invoice", name: "tax", expected: "7.00", actual: "7.00", currency: "GBP" },
      { step: "invoice", name: "paid", expected: "42.00", actual: "42.00", currency: "GBP" },
    ]);
  });

  test("has a lineage for every leaf and for nothing else", () => {
    for (const { body, lineage } of planned().documents) {
      expect(new Set(Object.keys(lineage))).toEqual(new Set(leafPointers(body)));
    }
  });

  test("is byte-identical on every run", () => {
    expect(JSON.stringify(planned())).toBe(JSON.stringify(planned()));
  });

  test("prints amounts on the wire as numbers with the plan's digits, and texts as texts", () => {
    const text = wireText(bodyOf(planned(), "payment-1"));
    expect(text).toContain('"Amount":42.00');
    expect(text).toContain('"Reference":"000000017 ch_1"');
  });

  test("dates documents in the organisation's time zone", () => {
    const plan = planned({ org: { timezone: "Pacific/Auckland" } });
    expect(bodyOf(plan, "invoice").Date).toBe("2026-11-01");
  });
});

describe("line amounts", () => {
  test("keep the total and the tax when they are exclusive", () => {
    const plan = planned({ spec: withSettings(specGb, { lineAmountTypes: "Exclusive" }) });
    expect(linesOf(plan).map(({ LineAmount, TaxAmount }) => [LineAmount, TaxAmount])).toEqual([
      ["30.00", undefined],
      ["5.00", undefined],
    ]);
  });

  test("become 1 x amount, with the quantity in the words, where a unit price cannot give the amount", () => {
    const sale = {
      lines: [lineOf({ id: "1", quantity: "7000", net: "0.83", tax: "0.17" })],
      shipping: null,
      receipts: [],
      totals: { ...saleGb.totals, grandTotal: "1.00", tax: "0.17" },
    };
    expect(linesOf(planned({ sale }))[0]).toMatchObject({
      Description: "7000 x Product 1",
      Quantity: "1",
      UnitAmount: "1.00",
    });
  });

  test("state the tax only where Xero would compute another", () => {
    const sale = {
      lines: [lineOf({ id: "1", net: "10.00", tax: "2.01" })],
      shipping: null,
      receipts: [],
      totals: { ...saleGb.totals, grandTotal: "12.01", tax: "2.01" },
    };
    expect(linesOf(planned({ sale }))[0]).toMatchObject({ LineAmount: "12.01", TaxAmount: "2.01" });
    const every = planned({ spec: withSettings(specGb, { taxAmounts: "everyLine" }) });
    expect(linesOf(every).every(({ TaxAmount }) => TaxAmount !== undefined)).toBe(true);
  });

  test("show a discount as a negative line of its own when that is asked for", () => {
    const sale = {
      lines: [
        lineOf({ id: "1", quantity: "2", net: "20.00", tax: "3.60", discount: "2.40", discountTax: "0.40" }),
      ],
      shipping: null,
      receipts: [],
      totals: { ...saleGb.totals, grandTotal: "21.60", tax: "3.60" },
    };
    const net = linesOf(planned({ sale }));
    expect(net.map(({ LineAmount }) => LineAmount)).toEqual(["21.60"]);
    const visible = linesOf(planned({ sale, spec: withSettings(specGb, { discounts: "visible" }) }));
    expect(visible.map(({ LineAmount, AccountCode, TaxType }) => [LineAmount, AccountCode, TaxType])).toEqual(
      [
        ["24.00", "200", "OUTPUT2"],
        ["-2.40", "480", "OUTPUT2"],
      ],
    );
  });
});

describe("an unexplained rest", () => {
  const withTotal = (grandTotal: string) => ({ receipts: [], totals: { ...saleGb.totals, grandTotal } });

  test("within the limit is one rounding line", () => {
    const lines = linesOf(planned({ sale: withTotal("42.05") }));
    expect(lines.at(-1)).toMatchObject({
      Description: "Rounding",
      LineAmount: "0.05",
      AccountCode: "860",
      TaxType: "NONE",
    });
  });

  test("beyond it is held, and so is one below", () => {
    expect(held({ sale: withTotal("42.06") })).toMatchObject({ hold: "unmappedTotal", field: "grand_total" });
    expect(held({ sale: withTotal("41.94") })).toMatchObject({ hold: "unmappedTotal" });
  });

  test("of storage noise is nothing", () => {
    expect(linesOf(planned({ sale: withTotal("42.0004") }))).toHaveLength(2);
  });
});

describe("holds name the field and the next action", () => {
  test.each<[string, Given, Partial<Held>]>([
    [
      "a rate that the organisation lacks",
      {
        sale: {
          lines: [lineOf({ id: "1", tax: "0.7", taxRate: "7", net: "10.00" })],
          shipping: null,
          receipts: [],
          totals: { ...saleGb.totals, grandTotal: "10.70", tax: "0.70" },
        },
      },
      { hold: "ruleHolds", field: "/lines/0" },
    ],
    [
      "a currency that the mapping does not allow",
      { sale: { currency: "USD" } },
      { hold: "currencyNotAllowed", field: "order_currency_code" },
    ],
    ["a date in a locked period", { org: { periodLockDate: "2026-10-31" } }, { hold: "periodLocked" }],
    [
      "an archived account",
      {
        spec: withTables(specGb, {
          revenueAccount: { rules: [], otherwise: { kind: "account", code: "499" } },
        }),
      },
      { hold: "accountNotUsable", field: "/LineItems/0/AccountCode" },
    ],
    [
      "an unknown account",
      {
        spec: withTables(specGb, {
          revenueAccount: { rules: [], otherwise: { kind: "account", code: "999" } },
        }),
      },
      { hold: "accountUnknown" },
    ],
    [
      "tax types for purchases",
      {
        spec: withTables(specGb, {
          taxType: { rules: [], otherwise: { kind: "taxType", taxType: "INPUT2" } },
        }),
      },
      { hold: "taxTypeNotUsable" },
    ],
    [
      "a tax type of another rate",
      {
        spec: withTables(specGb, {
          taxType: { rules: [], otherwise: { kind: "taxType", taxType: "RROUTPUT" } },
        }),
      },
      { hold: "taxRateDiffers", field: "/lines/0" },
    ],
    [
      "a draft with a payment",
      {
        spec: withTables(specGb, {
          invoiceStatus: { rules: [], otherwise: { kind: "status", status: "DRAFT" } },
        }),
      },
      { hold: "draftWithPayment", field: "/receipts/0" },
    ],
    [
      "more paid than the total",
      {
        sale: {
          receipts: [
            { key: "x", amount: "42.01", at: saleGb.placedAt, transactionId: null, invoiceId: null },
          ],
        },
      },
      { hold: "paidMoreThanTotal" },
    ],
    [
      "a gift card that no payment rule names",
      {
        sale: {
          receipts: [],
          tenders: [{ kind: "giftCard", amount: "10.00" }],
          totals: { ...saleGb.totals, grandTotal: "32.00" },
        },
      },
      { hold: "noRule", field: "/tenders/0" },
    ],
    [
      "an order before the cut-over",
      { spec: withSettings(specGb, { cutOverDate: "2026-11-01" }) },
      { hold: "beforeCutOver" },
    ],
    [
      "a negative line",
      {
        sale: {
          lines: [lineOf({ id: "1", net: "1.00", tax: "0", discount: "2.00", taxRate: "0" })],
          shipping: null,
        },
      },
      { hold: "negativeLine", field: "/lines/0" },
    ],
    [
      "a negative total",
      { sale: { lines: [], shipping: null, totals: { ...saleGb.totals, grandTotal: "-1.00", tax: "0" } } },
      { hold: "negativeTotal" },
    ],
    [
      "tax that no part explains",
      { sale: { totals: { ...saleGb.totals, tax: "7.10" } } },
      { hold: "totalsDiffer", field: "tax_amount" },
    ],
  ])("%s", (_, given, expected) => {
    const hold = held(given);
    expect(hold).toMatchObject(expected);
    expect(hold.action.length).toBeGreaterThan(10);
  });

  test("the day after a lock date is open", () => {
    expect(planOf({ org: { periodLockDate: "2026-10-30" } }).ok).toBe(true);
  });

  test("a fact that is not known holds only when a rule needs it", () => {
    const sale = { lines: [lineOf({ id: "1", quantity: "3", net: "30.00", tax: "6.00", product: null })] };
    expect(planOf({ sale }).ok).toBe(true);
    const spec = withTables(specGb, {
      revenueAccount: {
        rules: [
          {
            id: "gifts",
            note: "",
            when: [{ op: "includes", fact: "line.categories", value: "Gift Boxes" }],
            then: { kind: "account", code: "260" },
          },
        ],
        otherwise: { kind: "account", code: "200" },
      },
    });
    expect(held({ sale, spec })).toMatchObject({ hold: "factUnknown", field: "/lines/0" });
    expect(linesOf(planned({ spec }))[0]).toMatchObject({ AccountCode: "260" });
  });
});

describe("money that arrived", () => {
  test("stays off the invoice where the rule says unpaid", () => {
    const plan = planned({
      spec: withTables(specGb, { payment: { rules: [], otherwise: { kind: "unpaid" } } }),
    });
    expect(plan.documents.map(({ step }) => step)).toEqual(["contact", "invoice"]);
  });

  test("by gift card goes to the account that its rule names, and the invoice keeps the full total", () => {
    const spec = withTables(specGb, {
      payment: {
        rules: [
          {
            id: "gift",
            note: "",
            when: [{ op: "is", fact: "payment.method", value: "giftCard" }],
            then: { kind: "payment", account: "091" },
          },
        ],
        otherwise: { kind: "payment", account: "092" },
      },
    });
    const plan = planned({
      spec,
      sale: {
        receipts: [
          { key: "ch_1", amount: "32.00", at: saleGb.placedAt, transactionId: "ch_1", invoiceId: null },
        ],
        tenders: [{ kind: "giftCard", amount: "10.00" }],
        totals: { ...saleGb.totals, grandTotal: "32.00" },
      },
    });
    expect(bodyOf(plan, "payment-1")).toMatchObject({ Account: { Code: "092" }, Amount: "32.00" });
    expect(bodyOf(plan, "payment-2")).toMatchObject({
      Account: { Code: "091" },
      Amount: "10.00",
      Reference: "000000017 paid (giftCard)",
    });
  });
});
