import { describe, expect, test } from "vitest";
import type { Held } from "./hold.ts";
import type { MappingSpec } from "./mapping.ts";
import type { DocumentPlan } from "./plan.ts";
import type { PostedDocument } from "./plan-input.ts";
import { planSale } from "./plan-sale.ts";
import type { CanonicalSale, CreditMemo } from "./sale.ts";
import type { Json } from "./shapes.ts";
import { lineOf, orgGb, saleGb, specGb, withSettings, withTables } from "./testing.ts";
import { memoOf, partOf, postedOf } from "./testing-refunds.ts";

type Given = {
  readonly sale?: Partial<CanonicalSale>;
  readonly spec?: MappingSpec;
  readonly posted?: readonly PostedDocument[];
  readonly lock?: string;
};

const planOf = ({ sale = {}, spec = specGb, posted = [], lock }: Given) =>
  planSale({
    sale: { ...saleGb, ...sale },
    spec,
    org: { ...orgGb, periodLockDate: lock ?? null },
    posted,
  });

function planned(given: Given): DocumentPlan {
  const plan = planOf(given);
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}

function held(given: Given): Held {
  const plan = planOf(given);
  if (plan.ok) throw new Error("planned, not held");
  return plan.error;
}

const bodyOf = (plan: DocumentPlan, step: string): { [key: string]: Json } =>
  plan.documents.find((document) => document.step === step)?.body ?? {};
const stepsOf = ({ documents }: DocumentPlan): string[] => documents.map(({ step }) => step);

const refunded = (...creditMemos: CreditMemo[]): Partial<CanonicalSale> => ({
  creditMemos,
  totals: { ...saleGb.totals, refunded: "1.00" },
});

/** Everything of `saleGb`: three mugs and postage. */
const wholeMemo = (memo: Partial<CreditMemo> = {}): CreditMemo =>
  memoOf({
    lines: [partOf({ lineId: "1", quantity: "3", net: "30.00", tax: "6.00" })],
    shipping: saleGb.shipping,
    grandTotal: "42.00",
    tax: "7.00",
    ...memo,
  });

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

describe("money", () => {
  const unpaid = { receipts: [], totals: { ...saleGb.totals, paid: "0", refunded: "12.00" } };

  test("that is still due is reduced first, and no money moves", () => {
    const plan = planned({ sale: { ...unpaid, creditMemos: [memoOf()] } });
    expect(stepsOf(plan)).toEqual(["contact", "invoice", "credit-note-71", "allocation-71"]);
    expect(bodyOf(plan, "allocation-71")).toEqual({
      CreditNote: { CreditNoteID: null },
      Invoice: { InvoiceID: null },
      Amount: "12.00",
      Date: "2026-11-10",
    });
  });

  test("of paid goods does not reduce what is due for goods that the store has not invoiced yet", () => {
    const invoices = [
      {
        id: "61",
        number: "000000061",
        at: "2026-11-01T09:00:00Z",
        lines: [partOf({ lineId: "1", quantity: "2", net: "20.00", tax: "4.00" })],
        shipping: null,
        fees: [],
        grandTotal: "24.00",
        tax: "4.00",
        state: "paid" as const,
        tenders: [],
      },
    ];
    const receipts = saleGb.receipts.map((receipt) => ({ ...receipt, amount: "24.00", invoiceId: "61" }));
    const plan = planned({ sale: { ...refunded(memoOf({ invoiceId: "61" })), invoices, receipts } });
    expect(stepsOf(plan)).toEqual(["contact", "invoice", "payment-1", "credit-note-71", "refund-71"]);
  });

  test("offline stays open on the note", () => {
    const memo = memoOf({ refunds: [{ destination: "offline", amount: "12.00", transactionId: null }] });
    expect(stepsOf(planned({ sale: refunded(memo) }))).not.toContain("refund-71");
  });

  test("to store credit goes only where a rule names it", () => {
    const memo = memoOf({ refunds: [{ destination: "storeCredit", amount: "12.00", transactionId: null }] });
    const to = (spec: MappingSpec) => planOf({ sale: refunded(memo), spec });
    expect(to(specGb)).toMatchObject({ error: { hold: "ruleHolds" } });
    const always = withTables(specGb, {
      refund: { rules: [], otherwise: { kind: "payment", account: "092" } },
    });
    expect(to(always)).toMatchObject({ error: { hold: "noRule" } });
    const named = withTables(specGb, {
      refund: {
        rules: [
          {
            id: "credit",
            note: "",
            when: [{ op: "is", fact: "refund.destination", value: "storeCredit" }],
            then: { kind: "payment", account: "091" },
          },
        ],
        otherwise: { kind: "unpaid" },
      },
    });
    expect(to(named).ok).toBe(true);
  });

  test("to two destinations is two payments that are told apart", () => {
    const memo = memoOf({
      refunds: [
        { destination: "gateway", amount: "7.00", transactionId: "re_1" },
        { destination: "gateway", amount: "5.00", transactionId: "re_2" },
      ],
    });
    const { documents } = planned({ sale: refunded(memo) });
    const refunds = documents.filter(({ identity }) => identity.kind === "refund");
    expect(refunds.map(({ body, identity }) => [body.Amount, body.Reference, identity.part])).toEqual([
      ["7.00", "000000017 re_1", "gateway"],
      ["5.00", "000000017 re_2 (2)", "gateway-2"],
    ]);
  });

  test("of a draft waits for the draft", () => {
    const spec = withTables(specGb, {
      invoiceStatus: { rules: [], otherwise: { kind: "status", status: "DRAFT" } },
      payment: { rules: [], otherwise: { kind: "unpaid" } },
    });
    const plan = planned({ sale: refunded(memoOf()), spec });
    expect(bodyOf(plan, "credit-note-71").Status).toBe("DRAFT");
    expect(stepsOf(plan)).toEqual(["contact", "invoice", "credit-note-71"]);
    expect(plan.warnings).toEqual([expect.stringContaining("draftCreditNote")]);
  });
});

describe("what the store does not explain", () => {
  test("is held: refunded, and no memo can be read", () => {
    expect(held({ sale: { totals: { ...saleGb.totals, refunded: "12.00" } } }).hold).toBe("refunded");
    expect(held({ sale: { state: "closed" } }).detail).toContain("no credit memo of it can be read");
  });

  test("is held: cancelled in part, and no invoice says which", () => {
    expect(held({ sale: { totals: { ...saleGb.totals, cancelled: "12.00" } } }).hold).toBe("partlyCancelled");
  });
});

describe("a cancellation", () => {
  const unpaid = { receipts: [], totals: { ...saleGb.totals, paid: "0" } };
  const cancelled = { ...unpaid, state: "canceled", totals: { ...unpaid.totals, cancelled: "42.00" } };

  test("before anything was posted is nothing to post", () => {
    expect(held({ sale: cancelled }).hold).toBe("orderCancelled");
  });

  test("after the invoice was posted credits all of it, and moves no money", () => {
    const posted = postedOf(planned({ sale: unpaid }));
    const plan = planned({ sale: cancelled, posted });
    expect(stepsOf(plan)).toEqual(["contact", "invoice", "credit-note-cancelled", "allocation-cancelled"]);
    expect(bodyOf(plan, "allocation-cancelled").Amount).toBe("42.00");
    expect(bodyOf(plan, "credit-note-cancelled")).toMatchObject({
      CreditNoteNumber: "CN-000000017-cancelled",
      Reference: "000000017 cancelled",
      Date: "2026-10-31",
      LineItems: [
        { Quantity: "3", LineAmount: "36.00" },
        { LineAmount: "6.00", AccountCode: "202" },
      ],
    });
  });

  test("names the order that replaces an edited one", () => {
    const posted = postedOf(planned({ sale: unpaid }));
    const edited = { from: null, to: "000000017-1" };
    const note = bodyOf(planned({ sale: { ...cancelled, edited }, posted }), "credit-note-cancelled");
    expect(note.Reference).toBe("000000017 cancelled, replaced by 000000017-1");
  });

  test("of a part credits what no store invoice covers", () => {
    const invoices = [
      {
        id: "61",
        number: "000000061",
        at: "2026-11-01T09:00:00Z",
        lines: [partOf({ lineId: "1", quantity: "2", net: "20.00", tax: "4.00" })],
        shipping: saleGb.shipping,
        fees: [],
        grandTotal: "30.00",
        tax: "5.00",
        state: "paid" as const,
        tenders: [],
      },
    ];
    const receipts = saleGb.receipts.map((receipt) => ({ ...receipt, amount: "30.00", invoiceId: "61" }));
    const totals = { ...saleGb.totals, paid: "30.00", cancelled: "12.00" };
    const plan = planned({ sale: { invoices, receipts, totals, state: "complete" } });
    expect(bodyOf(plan, "credit-note-cancelled").LineItems).toMatchObject([
      { Quantity: "1", LineAmount: "12.00" },
    ]);
    expect(bodyOf(plan, "allocation-cancelled").Amount).toBe("12.00");
  });

  test("of a store invoice that was posted takes that one back, and no other", () => {
    const storeInvoice = (
      id: string,
      state: "paid" | "open" | "cancelled",
      quantity: string,
      net: string,
      tax: string,
    ) => ({
      id,
      number: `0000000${id}`,
      at: "2026-11-01T09:00:00Z",
      lines: [partOf({ lineId: "1", quantity, net, tax })],
      shipping: null,
      fees: [],
      grandTotal: (Number(net) + Number(tax)).toFixed(2),
      tax,
      state,
      tenders: [],
    });
    const spec = withTables(specGb, {
      documentUnit: { rules: [], otherwise: { kind: "unit", unit: "storeInvoice" } },
    });
    const receipts = saleGb.receipts.map((receipt) => ({ ...receipt, amount: "24.00", invoiceId: "61" }));
    const totals = { ...saleGb.totals, paid: "24.00", grandTotal: "36.00", tax: "6.00" };
    const sale = (state: "open" | "cancelled") => ({
      shipping: null,
      receipts,
      totals,
      invoices: [
        storeInvoice("61", "paid", "2", "20.00", "4.00"),
        storeInvoice("62", state, "1", "10.00", "2.00"),
      ],
    });
    const posted = postedOf(planned({ sale: sale("open"), spec }));
    const plan = planned({ sale: sale("cancelled"), spec, posted });
    expect(stepsOf(plan).slice(-2)).toEqual([
      "credit-note-invoice-62-cancelled",
      "allocation-invoice-62-cancelled",
    ]);
    expect(bodyOf(plan, "credit-note-invoice-62-cancelled").LineItems).toMatchObject([
      { LineAmount: "12.00" },
    ]);
  });
});

describe("a locked period", () => {
  const late = memoOf({ at: "2026-11-10T10:00:00Z" });
  const given = (lockedPeriod: MappingSpec["settings"]["lockedPeriod"]): Given => ({
    sale: refunded(late),
    spec: withSettings(specGb, { lockedPeriod }),
    posted: postedOf(planned({})),
    lock: "2026-11-30",
  });

  test("holds a credit note by default, although its invoice is locked away with it", () => {
    expect(held(given("hold")).hold).toBe("periodLocked");
  });

  test("moves note and money to the first open day, with the day that they belong to in the reference", () => {
    const plan = planned(given("firstOpenDay"));
    expect(bodyOf(plan, "credit-note-71")).toMatchObject({
      Date: "2026-12-01",
      Reference: "000000017 000000071 (dated 2026-11-10)",
    });
    expect(bodyOf(plan, "refund-71")).toMatchObject({
      Date: "2026-12-01",
      Reference: "000000017 re_1 (dated 2026-11-10)",
    });
    const note = plan.documents.find(({ step }) => step === "credit-note-71");
    expect(note?.lineage["/Date"]).toMatchObject({ by: expect.stringContaining("moved from 2026-11-10") });
  });

  test("makes the note a draft that waits for a person", () => {
    const plan = planned(given("draft"));
    expect(bodyOf(plan, "credit-note-71")).toMatchObject({ Status: "DRAFT", Date: "2026-12-01" });
    expect(stepsOf(plan)).not.toContain("refund-71");
  });

  test("does the same to invoices: the payment of a draft waits, and terms count from the sale", () => {
    const spec = withSettings(
      withTables(specGb, {
        terms: { rules: [], otherwise: { kind: "terms", days: 60, from: "invoiceDate" } },
      }),
      { lockedPeriod: "firstOpenDay" },
    );
    const moved = bodyOf(planned({ spec, lock: "2026-11-30" }), "invoice");
    expect(moved).toMatchObject({
      Date: "2026-12-01",
      DueDate: "2026-12-30",
      Reference: "000000017 (dated 2026-10-31)",
    });
    const draft = planned({ spec: withSettings(specGb, { lockedPeriod: "draft" }), lock: "2026-11-30" });
    expect([bodyOf(draft, "invoice").Status, stepsOf(draft)]).toEqual(["DRAFT", ["contact", "invoice"]]);
    expect(draft.warnings).toEqual([expect.stringContaining("lockedPeriod")]);
  });
});
