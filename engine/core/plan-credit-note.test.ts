import { describe, expect, test } from "vitest";
import type { MappingSpec } from "./mapping.ts";
import type { CanonicalSale } from "./sale.ts";
import { lineOf, saleGb, specGb, withSettings, withTables } from "./testing.ts";
import {
  bodyOf,
  held,
  memoOf,
  partOf,
  planned,
  planOf,
  postedOf,
  refunded,
  stepsOf,
  wholeMemo,
} from "./testing-refunds.ts";

describe("a credit memo", () => {
  test("is a credit note on the invoice's accounts and tax types, paid back from the account of its method", () => {
    const plan = planned({ sale: refunded(memoOf()) });
    expect(stepsOf(plan)).toEqual(["contact", "invoice", "payment-1", "credit-note-71", "refund-71"]);
    expect(bodyOf(plan, "credit-note-71")).toEqual({
      Type: "ACCRECCREDIT",
      Contact: { ContactID: null },
      CreditNoteNumber: "CN-000000071",
      Reference: "000000017 000000071",
      Date: "2026-11-10",
      LineAmountTypes: "Inclusive",
      CurrencyCode: "GBP",
      Status: "AUTHORISED",
      LineItems: [
        {
          Description: "Product 1",
          Quantity: "1",
          UnitAmount: "12.00",
          LineAmount: "12.00",
          TaxType: "OUTPUT2",
          AccountCode: "200",
        },
      ],
    });
    expect(bodyOf(plan, "refund-71")).toEqual({
      CreditNote: { CreditNoteID: null },
      Account: { Code: "092" },
      Date: "2026-11-10",
      Amount: "12.00",
      Reference: "000000017 re_1",
    });
  });

  test("comes after its invoice and contact, its money after it", () => {
    const plan = planned({ sale: refunded(memoOf()) });
    const predecessors = (step: string) => plan.documents.find((document) => document.step === step)?.after;
    expect(predecessors("credit-note-71")).toEqual(["contact", "invoice"]);
    expect(predecessors("refund-71")).toEqual(["credit-note-71"]);
  });

  test("has the invoice's account and tax type where the mapping has changed since", () => {
    const posted = postedOf(planned({}));
    const spec = withTables(specGb, {
      revenueAccount: { rules: [], otherwise: { kind: "account", code: "260" } },
      taxType: { rules: [], otherwise: { kind: "taxType", taxType: "NONE" } },
    });
    const note = bodyOf(planned({ sale: refunded(memoOf()), spec, posted }), "credit-note-71");
    expect(note.LineItems).toMatchObject([{ AccountCode: "200", TaxType: "OUTPUT2" }]);
  });

  test("gives a visible discount back as a line of its own, on the account that it was on", () => {
    const lines = [lineOf({ id: "1", quantity: "3", net: "30.00", tax: "4.80", discount: "6.00" })];
    const totals = { ...saleGb.totals, grandTotal: "28.80", tax: "4.80", refunded: "9.60" };
    const memo = memoOf({
      lines: [partOf({ lineId: "1", tax: "1.60", discount: "2.00" })],
      grandTotal: "9.60",
      tax: "1.60",
    });
    const receipts = saleGb.receipts.map((receipt) => ({ ...receipt, amount: "28.80" }));
    const sale = { lines, shipping: null, totals, receipts };
    const posted = postedOf(
      planned({
        sale: { ...sale, totals: { ...totals, refunded: "0" } },
        spec: withSettings(specGb, { discounts: "visible" }),
      }),
    );
    const note = bodyOf(planned({ sale: { ...sale, creditMemos: [memo] }, posted }), "credit-note-71");
    expect(note.LineItems).toMatchObject([
      { LineAmount: "12.00", AccountCode: "200", TaxType: "OUTPUT2" },
      { LineAmount: "-2.40", UnitAmount: "-2.40", Quantity: "1", AccountCode: "480", TaxType: "OUTPUT2" },
    ]);
  });

  test("of a line that no invoice has is held", () => {
    const memo = memoOf({ fees: [{ code: "wrap", gross: "1.00", tax: "0" }], grandTotal: "13.00" });
    expect(held({ sale: refunded(memo) })).toMatchObject({
      hold: "overRefund",
      field: "/creditMemos/0/fees/0",
    });
  });

  test("that does not come to its total is held with its number", () => {
    const { hold, detail } = held({ sale: refunded(memoOf({ grandTotal: "13.00" })) });
    expect([hold, detail.includes("CN-000000071")]).toEqual(["unmappedTotal", true]);
  });

  test("is left out of a posting when it gives nothing back", () => {
    const memo = memoOf({ lines: [], grandTotal: "0", tax: "0", refunds: [] });
    expect(stepsOf(planned({ sale: refunded(memo) }))).toEqual(["contact", "invoice", "payment-1"]);
  });
});

describe("the sum of credit memos", () => {
  test("never exceeds the invoice: more is goodwill, which a person books", () => {
    const memos = [wholeMemo(), memoOf({ id: "72", number: "000000072", at: "2026-11-11T10:00:00Z" })];
    expect(held({ sale: refunded(...memos) })).toMatchObject({ hold: "overRefund" });
    expect(planOf({ sale: refunded(wholeMemo()) }).ok).toBe(true);
  });

  test("of goodwill on top of a full refund exceeds it by a cent or more", () => {
    const memo = wholeMemo({ adjustmentRefund: "0.01", grandTotal: "42.01" });
    const spec = adjusting("proportional");
    expect(held({ sale: refunded(memo), spec })).toMatchObject({ hold: "overRefund" });
    const kept = wholeMemo({ adjustmentFee: "0.01", grandTotal: "41.99" });
    expect(planOf({ sale: refunded(kept), spec }).ok).toBe(true);
  });

  test("leaves by the gateway only what came by it", () => {
    const receipts = saleGb.receipts.map((receipt) => ({ ...receipt, amount: "42.00" }));
    const twice = wholeMemo({ refunds: [{ destination: "gateway", amount: "42.10", transactionId: null }] });
    expect(held({ sale: { ...refunded(twice), receipts } })).toMatchObject({ hold: "overRefund" });
  });
});

const adjusting = (adjustmentTax: "proportional" | "outside"): MappingSpec =>
  withTables(withSettings(specGb, { adjustmentTax }), {
    feeAccount: { rules: [], otherwise: { kind: "account", code: "260" } },
  });

describe("an adjustment", () => {
  const goodwill = memoOf({ lines: [], adjustmentRefund: "10.00", grandTotal: "10.00", tax: "0" });
  const lines = (spec: MappingSpec, sale: Partial<CanonicalSale> = {}) =>
    bodyOf(planned({ sale: { ...refunded(goodwill), ...sale }, spec }), "credit-note-71").LineItems;

  test("is taxed as the invoice was, or outside of tax, as the setting says", () => {
    expect(lines(adjusting("proportional"))).toMatchObject([
      { LineAmount: "10.00", TaxAmount: "1.67", TaxType: "OUTPUT2", AccountCode: "260" },
    ]);
    expect(lines(adjusting("outside"))).toMatchObject([
      { LineAmount: "10.00", TaxAmount: "0.00", TaxType: "NONE" },
    ]);
  });

  test("is split over the invoice's tax types to the cent", () => {
    const goods = [
      lineOf({ id: "1", net: "10.00", tax: "2.00" }),
      lineOf({ id: "2", net: "10.00", tax: "0.50", taxRate: "5" }),
      lineOf({ id: "3", net: "10.00", tax: "0", taxRate: "0" }),
    ];
    const totals = { ...saleGb.totals, grandTotal: "32.50", tax: "2.50", refunded: "10.00" };
    const receipts = saleGb.receipts.map((receipt) => ({ ...receipt, amount: "32.50" }));
    const spec = withTables(adjusting("proportional"), {
      taxType: {
        rules: ["20", "5"].map((percent) => ({
          id: `r${percent}`,
          note: "",
          when: [{ op: "equals" as const, fact: "line.taxRate" as const, value: percent }],
          then: { kind: "taxType" as const, taxType: percent === "20" ? "OUTPUT2" : "RROUTPUT" },
        })),
        otherwise: { kind: "taxType", taxType: "ZERORATEDOUTPUT" },
      },
    });
    expect(lines(spec, { lines: goods, shipping: null, totals, receipts })).toMatchObject([
      { LineAmount: "3.69", TaxType: "OUTPUT2", TaxAmount: "0.62" },
      { LineAmount: "3.23", TaxType: "RROUTPUT", TaxAmount: "0.15" },
      { LineAmount: "3.08", TaxType: "ZERORATEDOUTPUT", TaxAmount: "0.00" },
    ]);
  });

  test("that is kept back has a negative unit amount and lowers the note", () => {
    const memo = memoOf({ adjustmentFee: "5.00", grandTotal: "7.00" });
    const note = bodyOf(planned({ sale: refunded(memo), spec: adjusting("proportional") }), "credit-note-71");
    expect(note.LineItems).toMatchObject([
      { LineAmount: "12.00" },
      { Quantity: "1", UnitAmount: "-5.00", LineAmount: "-5.00", TaxAmount: "-0.83" },
    ]);
  });

  test("larger than what is given back is held", () => {
    const memo = memoOf({ adjustmentFee: "15.00", grandTotal: "-3.00", refunds: [] });
    expect(held({ sale: refunded(memo), spec: adjusting("outside") }).hold).toBe("negativeTotal");
  });

  test("without an account is held by its table", () => {
    expect(held({ sale: refunded(goodwill) })).toMatchObject({
      hold: "ruleHolds",
      field: "/creditMemos/0/adjustmentRefund",
    });
  });
});
