import { describe, expect, test } from "vitest";
import { saleGb, specGb, withTables } from "./testing.ts";
import { bodyOf, held, partOf, planned, postedOf, stepsOf } from "./testing-refunds.ts";

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
