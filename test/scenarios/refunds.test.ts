import { expect } from "vitest";
import { withSettings } from "../../engine/core/testing.ts";
import { endChapter, scenario } from "./harness.ts";
import { creditNotes, left, PAID_ORDER, pieceMemo, refunded, WHOLE_MEMO } from "./memos.ts";
import { ACCOUNT, SPEC } from "./organisation.ts";
import { linesOf } from "./seen.ts";

scenario(
  "REF-01",
  "Full refund of a paid order",
  "An order of 126.00 (3 x 40.00 and 6.00 postage) is refunded in full to the card.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post(PAID_ORDER);
    ledger.post(refunded(PAID_ORDER, WHOLE_MEMO));
    const [invoice, note] = [ledger.invoice(), ledger.creditNote("credit-note-31")];
    says("invoices less credit notes are nothing per tax type and account", () =>
      expect(left([invoice, note])).toEqual({}),
    );
    says(
      "debtors are 0: the paid invoice stays paid, the note is paid from clearing, nothing is allocated",
      () =>
        expect([
          invoice.Status,
          invoice.AmountDue,
          note.Status,
          note.RemainingCredit,
          note.Allocations,
        ]).toEqual(["PAID", 0, "PAID", 0, []]),
    );
    says("the note has the same lines, without discount fields", () => {
      expect(linesOf(note)).toEqual(linesOf(invoice));
      expect(JSON.stringify(note)).not.toMatch(/DiscountRate|DiscountAmount/);
    });
    says("profit and loss and clearing are 0", () =>
      expect([ACCOUNT.sales, ACCOUNT.shipping, ACCOUNT.stripe].map(ledger.balance)).toEqual([0, 0, 0]),
    );
  },
);

scenario(
  "REF-02",
  "Partial quantity",
  "One of three pieces is given back, three times; Magento's tax is 6.67, 6.66 and 6.67.",
  ({ books, says }) => {
    const order = { ...PAID_ORDER, shipping: { amount: 0 }, grandTotal: 120, tax: 20, paid: 120 };
    const memos = [pieceMemo(31, 33.33, 6.67), pieceMemo(32, 33.34, 6.66), pieceMemo(33, 33.33, 6.67)];
    const ledger = books();
    ledger.post(order);
    for (const count of [1, 2, 3]) ledger.post(refunded(order, ...memos.slice(0, count)));
    const notes = [31, 32, 33].map((id) => ledger.creditNote(`credit-note-${id}`));
    says("each note is 1 x 40.00 with the tax of its memo", () => {
      expect(notes.map(({ TotalTax }) => TotalTax)).toEqual([6.67, 6.66, 6.67]);
      for (const note of notes) expect(linesOf(note)).toEqual([[1, 40, 40, "OUTPUT2", ACCOUNT.sales]]);
    });
    says("the tax of the notes is the invoice's after the last one, and so is all else", () =>
      expect(left([ledger.invoice(), ...notes])).toEqual({}),
    );
  },
);

scenario("REF-03", "Shipping only", "Only the postage of 6.00 is given back.", ({ books, says }) => {
  const ledger = books();
  ledger.post(refunded(PAID_ORDER, { shipping: [5, 1], grandTotal: 6, tax: 1 }));
  const note = ledger.creditNote("credit-note-31");
  says("the note is 1 x 6.00 on the shipping account", () =>
    expect(linesOf(note)).toEqual([[1, 6, 6, "OUTPUT2", ACCOUNT.shipping]]),
  );
  says("sales are untouched", () =>
    expect([ledger.balance(ACCOUNT.sales), ledger.balance(ACCOUNT.shipping)]).toEqual([-100, 0]),
  );
});

scenario(
  "REF-04",
  "Partial shipping",
  "3.01 of the postage of 6.00 is given back: Magento's tax on it, 0.51, is a cent off.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post(refunded(PAID_ORDER, { shipping: [2.5, 0.51], grandTotal: 3.01, tax: 0.51 }));
    const note = ledger.creditNote("credit-note-31");
    says("CN.Total = memo.grand_total, with the memo's tax", () =>
      expect([note.Total, note.TotalTax]).toEqual([3.01, 0.51]),
    );
    says("what left clearing is what the card got", () =>
      expect(ledger.balance(ACCOUNT.stripe)).toBe(122.99),
    );
  },
);

const goodwill = { grandTotal: 10, more: { adjustment_positive: 10 } };

scenario(
  "REF-05",
  "Adjustment refund (goodwill)",
  "10.00 is given back without any item; Magento stores no tax on it.",
  ({ books, says }) => {
    const noteOf = (adjustmentTax: "proportional" | "outside") => {
      const ledger = books({ spec: withSettings(SPEC, { adjustmentTax }) });
      ledger.post(refunded(PAID_ORDER, goodwill));
      return ledger.creditNote("credit-note-31");
    };
    const [taxed, outside] = [noteOf("proportional"), noteOf("outside")];
    says("CN.Total = 10.00 in both", () => expect([taxed.Total, outside.Total]).toEqual([10, 10]));
    says("it goes to refund adjustments: proportional includes 1.67 of tax, outside none", () => {
      expect(linesOf(taxed)).toEqual([[1, 10, 10, "OUTPUT2", ACCOUNT.refundAdjustment]]);
      expect(linesOf(outside)).toEqual([[1, 10, 10, "NONE", ACCOUNT.refundAdjustment]]);
      expect([taxed.TotalTax, outside.TotalTax]).toEqual([1.67, 0]);
    });
    const mixed = {
      rows: [
        { sku: "MUG", rowTotal: 25, tax: 5, percent: 20 },
        { sku: "HEATER", rowTotal: 20, tax: 1, percent: 5 },
        { sku: "BOOK", rowTotal: 8, percent: 0 },
      ],
      grandTotal: 59,
      tax: 6,
      paid: 59,
      transaction: "ch_1",
    };
    const ledger = books();
    ledger.post(refunded(mixed, goodwill));
    const split = ledger.creditNote("credit-note-31");
    says("split over three rates it still sums to 10.00, by largest remainder", () => {
      expect(split.Total).toBe(10);
      expect(
        split.LineItems.map(({ LineAmount, TaxType }: { LineAmount: number; TaxType: string }) => [
          LineAmount,
          TaxType,
        ]),
      ).toEqual([
        [5.08, "OUTPUT2"],
        [3.56, "RROUTPUT"],
        [1.36, "ZERORATEDOUTPUT"],
      ]);
    });
  },
);

scenario(
  "REF-06",
  "Adjustment fee (restocking)",
  "An item of 40.00 is given back, 5.00 is kept: 35.00 went to the card.",
  ({ books, says }) => {
    const ledger = books();
    const memo = pieceMemo(31, 33.33, 6.67, { grandTotal: 35, more: { adjustment_negative: 5 } });
    ledger.post(refunded(PAID_ORDER, memo));
    const note = ledger.creditNote("credit-note-31");
    says("CN.Total = 35.00", () => expect(note.Total).toBe(35));
    says("the fee is a line of -5.00 with a negative unit amount on refund adjustments", () =>
      expect(linesOf(note)).toEqual([
        [1, 40, 40, "OUTPUT2", ACCOUNT.sales],
        [1, -5, -5, "OUTPUT2", ACCOUNT.refundAdjustment],
      ]),
    );
    says("35.00 left clearing, not 40.00", () => expect(ledger.balance(ACCOUNT.stripe)).toBe(91));
    const more = { ...memo, grandTotal: -1, more: { adjustment_negative: 41 } };
    says("CN.Total >= 0: a fee above what is given back is held", () =>
      expect(books().held(refunded(PAID_ORDER, more)).hold).toBe("totalsDiffer"),
    );
  },
);

scenario(
  "REF-19",
  "Credit memo of decimal quantities",
  "Two rows of 10.0040 each, charged 20.01; each is given back alone, 10.00 at a time.",
  ({ books, says }) => {
    const row = (sku: string) => ({ sku, qty: 2.501, rowTotal: 10.004, percent: 0 });
    const order = {
      rows: [row("RICE"), row("BEANS")],
      grandTotal: 20.008,
      paid: 20.008,
      transaction: "ch_1",
    };
    const memo = (id: number, place: number) => ({
      id,
      rows: [{ row: place, qty: 2.501, rowTotal: 10.004 }],
      grandTotal: 10.004,
    });
    const ledger = books();
    ledger.post(order);
    ledger.post(refunded(order, memo(31, 0)));
    const [invoice, first] = [ledger.invoice(), ledger.creditNote("credit-note-31")];
    says("the target of a memo is its total in cents, the money that moved", () =>
      expect([invoice.Total, first.Total]).toEqual([20.01, 10]),
    );
    ledger.post(refunded(order, memo(31, 0), memo(32, 1)));
    const last = ledger.creditNote("credit-note-32");
    says("the last memo closes the order: the difference is a cent at most, and none is left", () => {
      expect(last.Total).toBe(10.01);
      expect(left([invoice, first, last])).toEqual({});
      expect([ledger.invoice().AmountDue, last.RemainingCredit]).toEqual([0, 0]);
    });
  },
);

scenario(
  "REF-20",
  "Two memos created concurrently, one read again",
  "Two credit memos of 40.00 are read at once, then the order is read again twice.",
  ({ books, says }) => {
    const ledger = books();
    const order = refunded(PAID_ORDER, pieceMemo(31, 33.33, 6.67), pieceMemo(32, 33.33, 6.67));
    ledger.post(order);
    const before = creditNotes(ledger).length;
    const plan = ledger.post(order);
    says("one credit note for each memo id, however often the order is posted", () => {
      expect([before, creditNotes(ledger).length]).toEqual([2, 2]);
      const notes = plan.documents.filter(({ identity }) => identity.kind === "creditNote");
      expect(notes.map(({ identity }) => identity.sourceId)).toEqual(["31", "32"]);
    });
    const reversed = { ...order, creditMemos: [...(order.creditMemos ?? [])].reverse() };
    says("in whatever order the store lists them", () => {
      const other = books();
      other.post(reversed);
      expect(creditNotes(other).map(({ Total }) => Total)).toEqual([40, 40]);
      expect(other.post(order).documents.length).toBe(plan.documents.length);
    });
    says("their sum is checked together: a third beyond the order holds all of them", () =>
      expect(books().held(refunded(PAID_ORDER, WHOLE_MEMO, pieceMemo(32, 33.33, 6.67))).hold).toBe(
        "overRefund",
      ),
    );
  },
);

endChapter("05-refunds-a", "Refunds: what is given back");
