import { expect } from "vitest";
import type { MappingSpec } from "../../engine/core/mapping.ts";
import { withSettings } from "../../engine/core/testing.ts";
import { endChapter, type StoreOrder, scenario } from "./harness.ts";
import { left, PAID_ORDER, refunded, WHOLE_MEMO } from "./memos.ts";
import { ACCOUNT, SPEC } from "./organisation.ts";
import { CARD_ORDER, rated, taxedBy, taxType } from "./rules.ts";
import { invoiceNumbered, typesOf } from "./seen.ts";

const locked = (lockedPeriod: MappingSpec["settings"]["lockedPeriod"]) =>
  withSettings(SPEC, { lockedPeriod });
/** The ledger's dates are instants in JSON; their text is the day. */
const day = ({ DateString }: { DateString: string }): string => DateString.slice(0, 10);

scenario(
  "REF-10",
  "Refund after the period is locked",
  "A credit memo of 28 March reaches the ledger on 3 April; March is locked.",
  ({ books, says }) => {
    const order = { ...PAID_ORDER, placedAt: "2026-03-20 10:00:00" };
    const memo = { ...WHOLE_MEMO, at: "2026-03-28 10:00:00" };
    const ledger = books({ spec: locked("firstOpenDay") });
    ledger.post(order);
    ledger.change({ periodLockDate: "2026-03-31" });
    const plan = ledger.post(refunded(order, memo));
    const note = ledger.creditNote("credit-note-31");
    says("CN.Date > lock: the first open day, and the money on the same day", () => {
      expect(day(note)).toBe("2026-04-01");
      const [refund] = note.Payments;
      expect(plan.documents.find(({ step }) => step === "refund-31")?.body.Date).toBe("2026-04-01");
      expect(refund.Amount).toBe(126);
    });
    says("the day that it was moved from is kept, in its reference and in the lineage of its date", () => {
      expect(note.Reference).toContain("(dated 2026-03-28)");
      const planned = plan.documents.find(({ step }) => step === "credit-note-31");
      expect(JSON.stringify(planned?.lineage["/Date"])).toContain("moved from 2026-03-28");
    });
    says("the invoice of the locked period is not touched", () =>
      expect([day(ledger.invoice()), ledger.invoice().Status]).toEqual(["2026-03-20", "PAID"]),
    );
    const waiting = books();
    waiting.post(order);
    waiting.change({ periodLockDate: "2026-03-31" });
    says("by default it waits for a person instead of being retried", () =>
      expect(waiting.held(refunded(order, memo)).hold).toBe("periodLocked"),
    );
  },
);

scenario(
  "TIME-05",
  "Period lock",
  "An order of 20 March is posted after March was locked, by the period lock date or by that of the year's end.",
  ({ books, says }) => {
    const order: StoreOrder = { ...PAID_ORDER, placedAt: "2026-03-20 10:00:00" };
    const locks = [{ periodLockDate: "2026-03-31" }, { endOfYearLockDate: "2026-03-31" }];
    says("both lock dates are respected: it is held before any call", () => {
      for (const org of locks) expect(books({ org }).held(order).hold).toBe("periodLocked");
    });
    says("or it is dated the first open day, as the setting says, its money too", () => {
      for (const org of locks) {
        const ledger = books({ org, spec: locked("firstOpenDay") });
        ledger.post(order);
        expect([day(ledger.invoice()), ledger.invoice().Status]).toEqual(["2026-04-01", "PAID"]);
        expect(ledger.invoice().Reference).toBe("100000501 (dated 2026-03-20)");
      }
    });
    says("or it is a draft of that day, whose payment waits for a person", () => {
      const ledger = books({ org: locks[0] ?? {}, spec: locked("draft") });
      const plan = ledger.post(order);
      expect([ledger.invoice().Status, plan.documents.length]).toEqual(["DRAFT", 2]);
      expect(plan.warnings.join()).toContain("lockedPeriod");
    });
    says("of two lock dates the later one counts", () => {
      const org = { periodLockDate: "2026-04-30", endOfYearLockDate: "2026-03-31" };
      const ledger = books({ org, spec: locked("firstOpenDay") });
      ledger.post(order);
      expect(day(ledger.invoice())).toBe("2026-05-01");
    });
  },
);

scenario(
  "TIME-06",
  "Backdated refund",
  "September is locked; a credit memo is dated 28 September, another 5 October.",
  ({ books, says }) => {
    const order = { ...PAID_ORDER, placedAt: "2026-09-01 10:00:00" };
    const post = (at: string, paid: number) => {
      const ledger = books({ spec: locked("firstOpenDay") });
      ledger.post({ ...order, paid });
      ledger.change({ periodLockDate: "2026-09-30" });
      ledger.post(refunded({ ...order, paid }, { ...WHOLE_MEMO, at }));
      return ledger;
    };
    const backdated = post("2026-09-28 10:00:00", 126).creditNote("credit-note-31");
    says("CN.Date > lock, the narrative carries 28 September", () =>
      expect([day(backdated), backdated.Reference.endsWith("(dated 2026-09-28)")]).toEqual([
        "2026-10-01",
        true,
      ]),
    );
    says("one of 5 October keeps its day: October's return has the reversal", () =>
      expect(day(post("2026-10-05 10:00:00", 126).creditNote("credit-note-31"))).toBe("2026-10-05"),
    );
    says("the allocation of an unpaid one is dated with the note, the later document", () => {
      const note = post("2026-09-28 10:00:00", 0).creditNote("credit-note-31");
      expect([note.RemainingCredit, note.Allocations.map(dayOf)]).toEqual([0, ["2026-10-01"]]);
    });
  },
);

/** `/Date(…)/`, the ledger's own form, as a day. */
const dayOf = ({ Date: date }: { Date: string }): string =>
  new Date(Number(/\d+/.exec(date)?.[0])).toISOString().slice(0, 10);

scenario(
  "TIME-07",
  "Edited order",
  "Order 100000501 of 65.88 is edited: it is cancelled, and 100000501-1 of 70.00 takes its place.",
  ({ books, says }) => {
    const first: StoreOrder = { ...CARD_ORDER, state: "new" };
    const cancelled: StoreOrder = {
      ...first,
      state: "canceled",
      more: { total_canceled: 65.88, relation_child_real_id: "100000501-1" },
    };
    const second: StoreOrder = {
      number: "100000501-1",
      id: 502,
      rows: [{ sku: "MUG", qty: 2, rowTotal: 58.33, tax: 11.67, percent: 20 }],
      grandTotal: 70,
      tax: 11.67,
      paid: 70,
      transaction: "ch_1",
      more: { original_increment_id: "100000501", relation_parent_real_id: "100000501" },
    };
    const ledger = books();
    ledger.post(first);
    ledger.post(cancelled);
    const [invoice, note] = [ledger.invoice(), ledger.creditNote("credit-note-cancelled")];
    ledger.post(second);
    const edited = invoiceNumbered(ledger, "100000501-1");
    says("the chain nets to 70.00: 65.88 less 65.88 and 70.00", () => {
      expect([invoice.Total, note.Total, edited.Total]).toEqual([65.88, 65.88, 70]);
      expect(left([invoice, note])).toEqual({});
      expect(ledger.balance(ACCOUNT.sales)).toBe(-58.33);
    });
    says("no debt is left of the first, none of the second", () =>
      expect([invoiceNumbered(ledger, "100000501").AmountDue, edited.AmountDue]).toEqual([0, 0]),
    );
    says("the credit note links both numbers", () =>
      expect(note.Reference).toBe("100000501 cancelled, replaced by 100000501-1"),
    );
    says("the first is no document at all when it was not posted", () =>
      expect(books().held(cancelled).hold).toBe("orderCancelled"),
    );
  },
);

scenario(
  "TIME-08",
  "Address edit after invoice",
  "The billing address and the customer's name change after the order was invoiced and paid; amounts do not.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post(PAID_ORDER);
    const before = ledger.invoice();
    const plan = ledger.post({ ...PAID_ORDER, country: "IE", name: ["Jane", "Roe"] });
    says("PAID documents are not updated: not a field of the invoice changed", () =>
      expect(ledger.invoice()).toEqual(before),
    );
    says("nothing new is planned for it, and nothing is taken back", () =>
      expect(plan.documents.map(({ step }) => step)).toEqual(["contact", "invoice", "payment-1"]),
    );
  },
);

scenario(
  "TAX-29",
  "Refund of a document after a rate change",
  "Bought at 19 %, given back when the mapping knows only 16 %.",
  ({ books, says }) => {
    const org = {
      country: "GB",
      taxRates: [
        { taxType: "TAX019", name: "VAT 19 %", rate: 19 },
        { taxType: "TAX016", name: "VAT 16 %", rate: 16 },
        { taxType: "NONE", name: "No VAT", rate: 0 },
      ],
    };
    const ledger = books({ org, spec: taxedBy(SPEC, taxType("NONE"), [[rated("19")], taxType("TAX019")]) });
    const order: StoreOrder = {
      rows: [{ sku: "MUG", qty: 2, rowTotal: 100, tax: 19, percent: 19 }],
      grandTotal: 119,
      tax: 19,
      paid: 119,
      transaction: "ch_1",
    };
    ledger.post(order);
    ledger.change({ spec: taxedBy(SPEC, taxType("TAX016")) });
    ledger.post(refunded(order, { rows: [{ qty: 1, rowTotal: 50, tax: 9.5 }], grandTotal: 59.5, tax: 9.5 }));
    const [invoice, note] = [ledger.invoice(), ledger.creditNote("credit-note-31")];
    says("the tax types of the credit note are a subset of the invoice's", () => {
      expect(typesOf(note)).toEqual(["TAX019"]);
      expect(typesOf(invoice)).toContain("TAX019");
    });
    says("with the tax of the original rate", () => expect([note.Total, note.TotalTax]).toEqual([59.5, 9.5]));
  },
);

endChapter("08-timing-locks", "Timing: lock dates, cancellations and changes");
