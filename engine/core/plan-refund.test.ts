import { describe, expect, test } from "vitest";
import type { MappingSpec } from "./mapping.ts";
import { saleGb, specGb, withTables } from "./testing.ts";
import { bodyOf, memoOf, partOf, planned, planOf, refunded, stepsOf } from "./testing-refunds.ts";

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
