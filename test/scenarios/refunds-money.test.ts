import { expect } from "vitest";
import { withSettings } from "../../engine/core/testing.ts";
import { endChapter, outOfScope, type StoreOrder, scenario } from "./harness.ts";
import { creditNotes, left, PAID_ORDER, pieceMemo, refunded, WHOLE_MEMO } from "./memos.ts";
import { ACCOUNT, SPEC } from "./organisation.ts";
import { before, is, only, payment } from "./rules.ts";
import { invoiceNumbered, keepInStock } from "./seen.ts";

const steps = (plan: { readonly documents: readonly { readonly step: string }[] }) =>
  plan.documents.map(({ step }) => step);

scenario(
  "REF-07",
  "Refund to store credit",
  "40.00 is given back as store credit, nothing to the card.",
  ({ books, says }) => {
    const memo = pieceMemo(31, 33.33, 6.67, {
      grandTotal: 0,
      transaction: null,
      more: { extension_attributes: { customer_balance_amount: 40 } },
    });
    const ledger = books();
    ledger.post(PAID_ORDER);
    ledger.post({ ...refunded(PAID_ORDER, memo), more: { subtotal_refunded: 33.33 } });
    const note = ledger.creditNote("credit-note-31");
    says("clearing is unchanged", () => expect(ledger.balance(ACCOUNT.stripe)).toBe(126));
    says("the store credit liability is up by 40.00", () =>
      expect(ledger.balance(ACCOUNT.storeCredit)).toBe(-40),
    );
    says("the note of 40.00 is used up", () => expect([note.Total, note.RemainingCredit]).toEqual([40, 0]));
    const otherVersion = pieceMemo(31, 33.33, 6.67, {
      transaction: null,
      more: { extension_attributes: { customer_bal_total_refunded: 40 } },
    });
    says("also where the memo's total includes it (customer_bal_total_refunded)", () => {
      const other = books();
      other.post(refunded(PAID_ORDER, otherVersion));
      expect([other.balance(ACCOUNT.stripe), other.balance(ACCOUNT.storeCredit)]).toEqual([126, -40]);
    });
  },
);

scenario(
  "REF-08",
  "Refund to gift card / points",
  "126.00, of which 20.00 was paid by gift card, is given back in full: 20.00 to the gift card, 106.00 to the card.",
  ({ books, says }) => {
    const spec = before(SPEC, "payment", [[is("payment.method", "giftCard")], payment(ACCOUNT.giftCards)]);
    const order: StoreOrder = {
      ...PAID_ORDER,
      grandTotal: 106,
      paid: 106,
      extension: { gift_cards_amount: 20 },
    };
    const ledger = books({ spec });
    ledger.post(order);
    ledger.post(
      refunded(order, {
        ...WHOLE_MEMO,
        grandTotal: 106,
        more: { extension_attributes: { gift_cards_amount: 20 } },
      }),
    );
    const [invoice, note] = [ledger.invoice(), ledger.creditNote("credit-note-31")];
    says("the liability is restored: what the gift card paid, it has again", () =>
      expect(ledger.balance(ACCOUNT.giftCards)).toBe(0),
    );
    says("the tax of the whole sale is taken back, not of the money alone", () => {
      expect([note.Total, note.TotalTax]).toEqual([126, 21]);
      expect(left([invoice, note])).toEqual({});
    });
    says("106.00 left clearing", () => expect(ledger.balance(ACCOUNT.stripe)).toBe(0));
    const points = before(spec, "payment", [[is("payment.method", "rewardPoints")], payment(ACCOUNT.points)]);
    says("reward points the same, by their own liability", () => {
      const other = books({ spec: points });
      const paid = { ...order, extension: { reward_currency_amount: 20 } };
      other.post(paid);
      expect(other.balance(ACCOUNT.points)).toBe(20);
      other.post(
        refunded(paid, {
          ...WHOLE_MEMO,
          grandTotal: 106,
          more: { extension_attributes: { reward_currency_amount: 20 } },
        }),
      );
      expect([other.balance(ACCOUNT.points), other.balance(ACCOUNT.stripe)]).toEqual([0, 0]);
    });
  },
);

scenario(
  "REF-09",
  "Offline refund",
  "A credit memo of 40.00 without a gateway transaction: the store says refunded, nobody has paid.",
  ({ books, says }) => {
    const memo = pieceMemo(31, 33.33, 6.67, { transaction: null });
    const ledger = books();
    const plan = ledger.post(refunded(PAID_ORDER, memo));
    const note = ledger.creditNote("credit-note-31");
    says("no payment on the note: it stays open as owed to the customer, clearing keeps its 126.00", () => {
      expect([note.Status, note.RemainingCredit, ledger.balance(ACCOUNT.stripe)]).toEqual([
        "AUTHORISED",
        40,
        126,
      ]);
      expect(steps(plan)).not.toContain("refund-31");
    });
    says("a payment iff a refund transaction id says so", () =>
      expect(steps(books().post(refunded(PAID_ORDER, pieceMemo(31, 33.33, 6.67))))).toContain("refund-31"),
    );
    const byBank = before(SPEC, "refund", [[is("refund.destination", "offline")], payment(ACCOUNT.bank)]);
    says("or a rule of the mapping for its method", () => {
      const other = books({ spec: byBank });
      other.post(refunded(PAID_ORDER, memo));
      expect([other.creditNote("credit-note-31").RemainingCredit, other.balance(ACCOUNT.bank)]).toEqual([
        0, -40,
      ]);
    });
  },
);

scenario(
  "REF-11",
  "Refund of a partly paid invoice",
  "An invoice of 100.00, of which 60.00 was paid; 70.00 is given back.",
  ({ books, says }) => {
    const order: StoreOrder = {
      rows: [{ sku: "MUG", qty: 10, rowTotal: 83.33, tax: 16.67, percent: 20 }],
      grandTotal: 100,
      tax: 16.67,
      paid: 60,
      transaction: "ch_1",
    };
    const ledger = books();
    ledger.post(order);
    ledger.post(
      refunded(order, { rows: [{ qty: 7, rowTotal: 58.33, tax: 11.67 }], grandTotal: 70, tax: 11.67 }),
    );
    const [invoice, note] = [ledger.invoice(), ledger.creditNote("credit-note-31")];
    says("AmountDue 0: 40.00 of the note reduced the debt first", () => {
      expect([invoice.AmountDue, invoice.AmountCredited]).toEqual([0, 40]);
      expect(note.Allocations.map(({ Amount }: { Amount: number }) => Amount)).toEqual([40]);
    });
    says("RemainingCredit 0: the other 30.00 left clearing", () =>
      expect([note.RemainingCredit, ledger.balance(ACCOUNT.stripe)]).toEqual([0, 30]),
    );
    const unpaid = { ...order, paid: 0 };
    says("of an unpaid invoice all of it reduces the debt, and no money moves", () => {
      const other = books();
      other.post(
        refunded(unpaid, { rows: [{ qty: 7, rowTotal: 58.33, tax: 11.67 }], grandTotal: 70, tax: 11.67 }),
      );
      expect([other.invoice().AmountDue, other.balance(ACCOUNT.stripe)]).toEqual([30, 0]);
    });
  },
);

scenario(
  "REF-12",
  "Refund exceeding paid",
  "A module lets 130.00 be refunded on an order of 126.00.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post(PAID_ORDER);
    const order = refunded(PAID_ORDER, { ...WHOLE_MEMO, grandTotal: 130, more: { adjustment_positive: 4 } });
    const held = ledger.held(order);
    says("automatic credit notes never exceed the invoices: it is held", () => {
      expect(held.hold).toBe("overRefund");
      expect(creditNotes(ledger)).toEqual([]);
    });
    says("with what a person can approve: 126.00 as a credit note and 4.00 as goodwill", () =>
      expect(held.action).toContain("credit 126.00 and book 4.00 as goodwill"),
    );
    says("to the cent: 126.01 is held, 126.00 is not", () => {
      const cent = { ...WHOLE_MEMO, grandTotal: 126.01, more: { adjustment_positive: 0.01 } };
      expect(ledger.held(refunded(PAID_ORDER, cent)).hold).toBe("overRefund");
      expect(ledger.plan(refunded(PAID_ORDER, WHOLE_MEMO)).ok).toBe(true);
    });
  },
);

const OPEN_ORDER: StoreOrder = { ...PAID_ORDER, paid: 0, state: "new" };
const CANCELLED: StoreOrder = { ...OPEN_ORDER, state: "canceled", more: { total_canceled: 126 } };

scenario(
  "REF-13",
  "Cancelled before invoice",
  "An order of 126.00 is cancelled; nothing was invoiced or paid.",
  ({ books, says }) => {
    const ledger = books();
    const held = ledger.held(CANCELLED);
    says("no supply, no document: nothing is posted, and the record says why", () =>
      expect([held.hold, ledger.call("GET", "Invoices").Invoices.length]).toEqual(["orderCancelled", 0]),
    );
    const posted = books();
    posted.post(OPEN_ORDER);
    posted.post(CANCELLED);
    says("debtors are 0 where the invoice was posted at order time: it is credited, never edited", () => {
      const [invoice, note] = [posted.invoice(), posted.creditNote("credit-note-cancelled")];
      expect([invoice.AmountDue, note.RemainingCredit, note.Total]).toEqual([0, 0, 126]);
      expect(left([invoice, note])).toEqual({});
      expect(posted.balance(ACCOUNT.sales)).toBe(0);
    });
  },
);

scenario(
  "REF-14",
  "Cancelled after invoice, before capture",
  "The store invoice of 126.00 is open, then the order is cancelled; nothing was paid.",
  ({ books, says }) => {
    const invoice = (state: number) => ({
      entity_id: 9,
      increment_id: "900000009",
      order_id: 501,
      state,
      created_at: "2026-05-05 10:00:00",
      grand_total: 126,
      tax_amount: 21,
      shipping_amount: 5,
      shipping_tax_amount: 1,
      items: [{ order_item_id: 50101, qty: 3, row_total: 100, tax_amount: 20 }],
    });
    const perInvoice = {
      ...SPEC,
      tables: { ...SPEC.tables, documentUnit: only({ kind: "unit", unit: "storeInvoice" }) },
    };
    for (const spec of [SPEC, perInvoice]) {
      const ledger = books({ spec });
      ledger.post({ ...OPEN_ORDER, invoices: [invoice(1)] });
      const plan = ledger.post({ ...CANCELLED, invoices: [invoice(3)] });
      const [note] = creditNotes(ledger);
      const unit = spec === SPEC ? "one invoice per order" : "one invoice per store invoice";
      says(`${unit}: a full credit note, allocated in full`, () =>
        expect([note.Total, note.RemainingCredit, note.Allocations.length]).toEqual([126, 0, 1]),
      );
      says(`${unit}: no money moved`, () => {
        expect(plan.documents.filter(({ resource }) => resource === "Payments")).toEqual([]);
        expect([ledger.balance(ACCOUNT.stripe), ledger.balance(ACCOUNT.sales)]).toEqual([0, 0]);
      });
    }
  },
);

outOfScope(
  "REF-15",
  "Chargeback, lost",
  "Magento has no chargeback: the gateway tells it to the shop's bank, and no credit memo or order field shows it.",
);

outOfScope(
  "REF-16",
  "Chargeback, won",
  "Magento has no chargeback data, so that neither its loss nor its return can be read from the store.",
);

scenario(
  "REF-17",
  "Return to stock or not",
  "One of three pieces of an item that Xero keeps in stock comes back, to the shelf or damaged.",
  ({ books, says }) => {
    const item = { code: "MUG", tracked: true, onHand: "10", product: null };
    const delta = (backToStock: boolean, settings: Parameters<typeof withSettings>[1] = {}) => {
      const ledger = books({ spec: withSettings(SPEC, { items: "link", ...settings }), items: [item] });
      keepInStock(ledger, "MUG", 10);
      ledger.post(PAID_ORDER);
      const onHand = () => ledger.call("GET", "Items/MUG").Items[0].QuantityOnHand;
      const sold = onHand();
      const memo = pieceMemo(31, 33.33, 6.67);
      ledger.post(
        refunded(PAID_ORDER, { ...memo, rows: [{ qty: 1, rowTotal: 33.33, tax: 6.67, backToStock }] }),
      );
      const [line] = ledger.creditNote("credit-note-31").LineItems;
      return [sold, onHand() - sold, line.AccountCode, line.LineAmount, ledger.balance(ACCOUNT.costOfGoods)];
    };
    says("the ledger's quantity moves by what is back on the shelf: 1, and its cost comes back", () =>
      expect(delta(true)).toEqual([7, 1, ACCOUNT.sales, 40, 2]),
    );
    says("or by nothing for a damaged piece, whose cost stays", () =>
      expect(delta(false)).toEqual([7, 0, ACCOUNT.sales, 40, 3]),
    );
    says("a mapping may keep returns out of stock altogether", () =>
      expect(delta(true, { restock: "never" })).toEqual([7, 0, ACCOUNT.sales, 40, 3]),
    );
  },
);

scenario(
  "REF-18",
  "Exchange",
  "40.00 is given back as store credit; a new order of 45.00 is paid with it and 5.00 by card.",
  ({ books, says }) => {
    const spec = before(SPEC, "payment", [
      [is("payment.method", "storeCredit")],
      payment(ACCOUNT.storeCredit),
    ]);
    const ledger = books({ spec });
    const paid = { ...PAID_ORDER, shipping: { amount: 0 }, grandTotal: 120, tax: 20, paid: 120 };
    ledger.post(paid);
    const before40 = ledger.balance(ACCOUNT.stripe);
    const credit = { extension_attributes: { customer_balance_amount: 40 } };
    ledger.post({
      ...refunded(paid, pieceMemo(31, 33.33, 6.67, { grandTotal: 0, transaction: null, more: credit })),
      more: { subtotal_refunded: 33.33 },
    });
    const owed = ledger.balance(ACCOUNT.storeCredit);
    ledger.post({
      number: "100000502",
      id: 502,
      rows: [{ sku: "JUG", rowTotal: 37.5, tax: 7.5, percent: 20 }],
      grandTotal: 5,
      tax: 7.5,
      paid: 5,
      transaction: "ch_2",
      extension: { customer_balance_amount: 40 },
    });
    says(
      "two supplies are two documents: a credit note of 40.00 and an invoice of 45.00, paid in full",
      () => {
        expect(ledger.creditNote("credit-note-31").Total).toBe(40);
        const invoice = invoiceNumbered(ledger, "100000502");
        expect([invoice.Total, invoice.AmountDue]).toEqual([45, 0]);
      },
    );
    says("the net cash is 5.00", () => expect(ledger.balance(ACCOUNT.stripe) - before40).toBe(5));
    says("the store credit of 40.00 is used up", () =>
      expect([owed, ledger.balance(ACCOUNT.storeCredit)]).toEqual([-40, 0]),
    );
  },
);

endChapter("05-refunds-b", "Refunds: where the money goes");
