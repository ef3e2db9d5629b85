import { expect } from "vitest";
import { openItems } from "../../engine/core/clearing.ts";
import { taxTotals } from "../../engine/core/control-totals.ts";
import { centsOf } from "../../engine/core/ledger-snapshot.ts";
import { withTables } from "../../engine/core/testing.ts";
import { type Books, endChapter, type StoreOrder, scenario } from "./harness.ts";
import { idOf, invoiceOf, ledgerSide, paid, posted, reconciled, refunded } from "./ledger-side.ts";
import { ACCOUNT, SPEC } from "./organisation.ts";
import { account, before, is, only, payment, taxType } from "./rules.ts";

scenario(
  "REC-06",
  "Clearing accounts",
  "Three orders of 65.88 by Stripe on 4, 5 and 20 May; Stripe pays 100.00 out to the bank on 7 May. There is no gateway API here to ask.",
  ({ books, says }) => {
    const ledger = books();
    posted(ledger, paid(501, "2026-05-04"), paid(502, "2026-05-05"), paid(503, "2026-05-20"));
    ledger.call("PUT", "BankTransactions", {
      Type: "RECEIVE",
      Contact: { Name: "Stripe" },
      Date: "2026-05-07",
      BankAccount: { Code: ACCOUNT.bank },
      LineAmountTypes: "NoTax",
      LineItems: [{ Description: "Payout", Quantity: 1, UnitAmount: 100, AccountCode: ACCOUNT.stripe }],
    });
    const incoming = ledgerSide(ledger).flatMap(({ payments }) =>
      payments.map(({ date, amount, reference }) => ({
        date,
        cents: centsOf(amount),
        reference: reference ?? "",
      })),
    );
    const payout = { date: "2026-05-07", cents: -10_000n, reference: "Payout" };
    const { balance, items } = openItems([...incoming, payout], "2026-05-31");
    says("age of unmatched items: what has not been paid out yet, oldest first", () =>
      expect(items.map(({ date, open, ageDays }) => [date, open, ageDays])).toEqual([
        ["2026-05-05", "31.76", 26],
        ["2026-05-20", "65.88", 11],
      ]),
    );
    says("they explain the account's balance in the ledger", () =>
      expect([balance, ledger.balance(ACCOUNT.stripe)]).toEqual(["97.64", 97.64]),
    );
  },
);

scenario(
  "REC-07",
  "Liability ledgers",
  "A gift card of 50.00 is sold on 4 May; 20.00 of it are redeemed on 5 May and 30.00 on 6 May.",
  ({ books, says }) => {
    const sold = [is("line.productType", "giftcard")];
    const redeeming = before(SPEC, "payment", [
      [is("payment.method", "giftCard")],
      payment(ACCOUNT.giftCards),
    ]);
    const spec = before(before(redeeming, "revenueAccount", [sold, account(ACCOUNT.giftCards)]), "taxType", [
      sold,
      taxType("NONE"),
    ]);
    const ledger = books({ spec });
    const redeemed = (n: number, day: string, cards: number) => {
      const grandTotal = Math.round((65.88 - cards) * 100) / 100;
      return paid(n, day, { grandTotal, paid: grandTotal, extension: { gift_cards_amount: cards } });
    };
    posted(
      ledger,
      paid(501, "2026-05-04", {
        rows: [{ sku: "CARD-50", type: "giftcard", rowTotal: 50, percent: 0 }],
        shipping: { amount: 0 },
        grandTotal: 50,
        tax: 0,
        paid: 50,
      }),
      redeemed(502, "2026-05-05", 20),
      redeemed(503, "2026-05-06", 30),
    );
    says("per day: what Magento says is left on cards = the balance of the liability account", () =>
      expect(
        ["2026-05-04", "2026-05-05", "2026-05-06"].map((day) =>
          balanceAt(ledger, "Gift card liability", day),
        ),
      ).toEqual([-50, -30, 0]),
    );
  },
);

/** Debits less credits of an account at the end of a day. */
function balanceAt(ledger: Books, name: string, date: string): number {
  const rows = ledger
    .call("GET", `Reports/TrialBalance?date=${date}`)
    .Reports[0].Rows.flatMap((section: { Rows?: unknown[] }) => section.Rows ?? []);
  const row = rows.find(({ Cells }: { Cells: { Value: string }[] }) =>
    Cells[0]?.Value.startsWith(`${name} (`),
  );
  return row === undefined ? 0 : Number(row.Cells[3].Value || 0) - Number(row.Cells[4].Value || 0);
}

scenario(
  "REC-08",
  "VAT return tie-out",
  "May has sales at 20 %, 5 % and 0 % and a refund; before the period is locked a bookkeeper adjusts an invoice's tax by 0.02.",
  ({ books, says }) => {
    const spec = withTables(SPEC, { refund: only(payment(ACCOUNT.stripe)) });
    const ledger = books({ spec });
    const at = (percent: number, tax: number): Partial<StoreOrder> => ({
      rows: [{ sku: `AT-${percent}`, rowTotal: 100, tax, percent }],
      shipping: { amount: 0 },
      grandTotal: 100 + tax,
      tax,
      paid: 0,
      transaction: "",
      method: "banktransfer",
    });
    const booked = posted(
      ledger,
      paid(501, "2026-05-04"),
      paid(502, "2026-05-10", at(5, 5)),
      paid(503, "2026-05-31", at(0, 0)),
      paid(504, "2026-06-01", at(5, 5)),
    );
    booked.push(
      ...posted(ledger, refunded(paid(501, "2026-05-04"))).filter(({ step }) =>
        step.startsWith("credit-note"),
      ),
    );
    const may = { from: "2026-05-01", to: "2026-05-31" };
    const boxes = () =>
      taxTotals(reconciled(booked, ledgerSide(ledger)).controls, may).map(
        ({ taxType: type, postedNet, postedTax, ledgerTax, taxDifference }) => [
          type,
          postedNet,
          postedTax,
          ledgerTax,
          taxDifference,
        ],
      );
    says(
      "per period: the engine's sum for each tax type = the ledger's, refunds taken off, June left out",
      () =>
        expect(boxes()).toEqual([
          ["OUTPUT2", "29.95", "5.99", "5.99", "0.00"],
          ["RROUTPUT", "100.00", "5.00", "5.00", "0.00"],
          ["ZERORATEDOUTPUT", "100.00", "0.00", "0.00", "0.00"],
        ]),
    );
    says("and they are the ledger's tax account at the end of the period", () =>
      expect(balanceAt(ledger, "Sales Tax", "2026-05-31")).toBe(-10.99),
    );
    const [line] = invoiceOf(ledger, "100000502").LineItems;
    ledger.call("POST", `Invoices/${idOf(ledger, "100000502")}`, {
      LineItems: [{ ...line, TaxAmount: 5.02 }],
    });
    says("an adjusted row shows before the period is locked, by its tax type and to the cent", () =>
      expect(boxes()[1]).toEqual(["RROUTPUT", "100.00", "5.00", "5.02", "0.02"]),
    );
  },
);

endChapter("11-reconciliation-b", "Reconciliation: accounts and returns");
