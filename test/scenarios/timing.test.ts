import { expect } from "vitest";
import { withSettings, withTables } from "../../engine/core/testing.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { type Books, endChapter, type StoreOrder, scenario } from "./harness.ts";
import { ACCOUNT, SPEC } from "./organisation.ts";
import { account, before, CARD_ORDER, is, only, payment } from "./rules.ts";
import { sumOf } from "./seen.ts";

const storeInvoice = (at: string, more: { [key: string]: number | string } = {}) => ({
  entity_id: 1,
  increment_id: "900000001",
  order_id: 501,
  state: 2,
  created_at: at,
  grand_total: 65.88,
  transaction_id: "ch_1",
  ...more,
});
const shipment = (at: string) => ({
  entity_id: 7,
  increment_id: "000000007",
  order_id: 501,
  created_at: at,
  items: [],
  tracks: [],
});

scenario(
  "TIME-01",
  "Order, invoice, ship date",
  "Ordered on 30 June, invoiced and paid on 1 July, shipped on 2 July.",
  ({ books, says }) => {
    const order = {
      ...CARD_ORDER,
      placedAt: "2026-06-30 10:00:00",
      paid: 65.88,
      invoices: [storeInvoice("2026-07-01 10:00:00")],
      shipments: [shipment("2026-07-02 10:00:00")],
    };
    const dated = (invoiceDate: "placed" | "invoiced" | "paid" | "shipped") => {
      const ledger = books({ spec: withSettings(SPEC, { invoiceDate }) });
      ledger.post(order);
      return day(ledger.invoice().Date);
    };
    says("Date = the chosen event in the organisation's zone", () =>
      expect([dated("placed"), dated("invoiced"), dated("paid"), dated("shipped")]).toEqual([
        "2026-06-30",
        "2026-07-01",
        "2026-07-01",
        "2026-07-02",
      ]),
    );
    const shipped = books({ spec: withSettings(SPEC, { invoiceDate: "shipped" }) });
    const held = shipped.held({ ...order, shipments: [] });
    says("an event that has not happened is waited for, never replaced by the day of the sync", () =>
      expect([held.hold, held.detail]).toEqual(["nothingToPost", expect.stringContaining("shipment")]),
    );
  },
);

scenario(
  "TIME-02",
  "Status changes only",
  "A paid order goes from processing to complete to on hold.",
  ({ books, says }) => {
    const ledger = books();
    const order = { ...CARD_ORDER, paid: 65.88, transaction: "ch_1" };
    const first = ledger.post({ ...order, state: "processing" });
    const counts = countsOf(ledger);
    const later = ["complete", "holded"].map((state) => ledger.post({ ...order, state }));
    says("the documents are the same to the byte", () =>
      expect(later.map(({ documents }) => JSON.stringify(documents))).toEqual([
        JSON.stringify(first.documents),
        JSON.stringify(first.documents),
      ]),
    );
    says("so there is no call", () => expect(countsOf(ledger)).toEqual(counts));
  },
);

scenario(
  "TIME-03",
  "Webhook duplicates and disorder",
  "An order, its store invoice and a credit memo; their webhooks come in any order, some twice.",
  ({ books, says }) => {
    const spec = withTables(SPEC, { refund: only(payment(ACCOUNT.stripe)) });
    const order: StoreOrder = { ...CARD_ORDER, transaction: "ch_1" };
    const invoiced: StoreOrder = {
      ...order,
      paid: 65.88,
      invoices: [storeInvoice("2026-05-04 11:00:00")],
    };
    const refunded: StoreOrder = {
      ...invoiced,
      state: "closed",
      more: { total_refunded: 65.88, total_online_refunded: 65.88 },
      creditMemos: [
        {
          entity_id: 3,
          increment_id: "800000003",
          order_id: 501,
          invoice_id: 1,
          state: 2,
          created_at: "2026-05-06 11:00:00",
          transaction_id: "re_1",
          subtotal: 49.9,
          shipping_amount: 5,
          shipping_tax_amount: 1,
          tax_amount: 10.98,
          grand_total: 65.88,
          items: [{ order_item_id: 50101, qty: 2, row_total: 49.9, tax_amount: 9.98 }],
        },
      ],
    };
    const ledgerAfter = (...seen: StoreOrder[]) => {
      const ledger = books({ spec });
      for (const one of seen) ledger.post(one);
      return [
        countsOf(ledger),
        ...[ACCOUNT.sales, ACCOUNT.shipping, ACCOUNT.stripe].map((code) => ledger.balance(code)),
        ledger.invoice().AmountDue,
      ];
    };
    const expected = ledgerAfter(order, invoiced, refunded);
    says("any permutation of events gives the same ledger: each reads the order as it stands", () =>
      expect([
        ledgerAfter(refunded),
        ledgerAfter(refunded, refunded, refunded),
        ledgerAfter(invoiced, invoiced, refunded),
        ledgerAfter(invoiced, refunded, invoiced),
      ]).toEqual([expected, expected, expected, expected]),
    );
    says("one invoice, one credit note, and nothing is left", () =>
      expect(expected).toEqual([{ Invoices: 1, CreditNotes: 1, Payments: 2 }, 0, 0, 0, 0]),
    );
  },
);

scenario(
  "TIME-04",
  "Time zone boundary",
  "An order of 2026-03-31 23:30:00 UTC; the organisation is in Sydney, London, New York or Auckland.",
  ({ books, says }) => {
    const datedIn = (timezone: string, placedAt = "2026-03-31 23:30:00") => {
      const ledger = books({ org: { timezone } });
      ledger.post({ ...CARD_ORDER, placedAt });
      return day(ledger.invoice().Date);
    };
    says(
      "date = the UTC instant in the organisation's zone: 1 April in Sydney and London, 31 March in New York",
      () =>
        expect(
          ["Australia/Sydney", "Europe/London", "America/New_York"].map((zone) => datedIn(zone)),
        ).toEqual(["2026-04-01", "2026-04-01", "2026-03-31"]),
    );
    says("also on the days on which clocks change", () =>
      expect([
        datedIn("Europe/London", "2026-03-28 23:30:00"),
        datedIn("Europe/London", "2026-03-29 23:30:00"),
        datedIn("Pacific/Auckland", "2026-04-04 11:30:00"),
        datedIn("Pacific/Auckland", "2026-04-05 11:30:00"),
      ]).toEqual(["2026-03-28", "2026-03-30", "2026-04-05", "2026-04-05"]),
    );
  },
);

scenario(
  "TIME-09",
  "Late import / backfill",
  "Connected with the cut-over date 15 May; history from January is imported: 40.00 of 2 January, 25.50 of 14 May, 30.00 of 15 May.",
  ({ books, says }) => {
    const ledger = books({ spec: withSettings(SPEC, { cutOverDate: "2026-05-15" }) });
    const of = (id: number, placedAt: string, amount: number) => ({
      id,
      number: `100000${id}`,
      placedAt,
      rows: [{ sku: "TEA", rowTotal: amount, percent: 0 }],
      grandTotal: amount,
    });
    const skipped = [of(501, "2026-01-02 10:00:00", 40), of(502, "2026-05-14 21:59:59", 25.5)].map((order) =>
      ledger.held(order),
    );
    ledger.post(of(503, "2026-05-15 00:30:00", 30));
    says("no document is dated before the cut-over", () => {
      const dates = ledger.call("GET", "Invoices").Invoices.map((one: Body) => day(one.Date));
      expect(dates).toEqual(["2026-05-15"]);
    });
    says("what was skipped is named with its amount, so that its sum can be controlled: 65.50", () => {
      expect(skipped.map(({ hold }) => hold)).toEqual(["beforeCutOver", "beforeCutOver"]);
      const amounts = skipped.map(({ detail }) => Number(/of GBP ([\d.]+) was placed/.exec(detail)?.[1]));
      expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(65.5);
    });
  },
);

scenario(
  "TIME-12",
  "Very large B2B order (> 100 lines)",
  "140 rows, tax on each piece, quantities to 2,000: 70 of goods and 70 of services, in turn at 20 % and 0 %.",
  ({ books, says }) => {
    const services = before(SPEC, "revenueAccount", [
      [is("line.taxClass", "Services")],
      account(ACCOUNT.services),
    ]);
    const rows = Array.from({ length: 140 }, (_, index) => {
      const qty = 1 + ((index * 137) % 2000);
      const isTaxed = index % 4 < 2;
      return {
        sku: `PART-${index}`,
        taxClass: index % 2 === 0 ? "Taxable Goods" : "Services",
        qty,
        rowTotal: cents(qty * 47),
        tax: isTaxed ? cents(qty * 9) : 0,
        percent: isTaxed ? 20 : 0,
      };
    });
    const grandTotal = cents(rows.reduce((sum, row) => sum + Math.round((row.rowTotal + row.tax) * 100), 0));
    const tax = cents(rows.reduce((sum, row) => sum + Math.round(row.tax * 100), 0));
    const posted = (linesMax: string) => {
      const ledger = books({ spec: withSettings(services, { lineAmountTypes: "Exclusive", linesMax }) });
      ledger.post({ rows, grandTotal, tax });
      return ledger.invoice();
    };
    const [all, few] = [posted("200"), posted("100")];
    says(
      "up to the limit every row is a line; above it one line for each account, tax type and tracking",
      () =>
        expect([all.LineItems.length, few.LineItems.length, few.LineItems[0].Description]).toEqual([
          140,
          4,
          "35 lines",
        ]),
    );
    says("collapse preserves the sums of each key: amounts and tax", () =>
      expect(sumsByKey(few)).toEqual(sumsByKey(all)),
    );
    says("the total and the tax are the store's in both", () =>
      expect([all, few].map((invoice) => [invoice.Total, invoice.TotalTax])).toEqual([
        [grandTotal, tax],
        [grandTotal, tax],
      ]),
    );
  },
);

scenario(
  "TIME-13",
  "Leap day, 31st + 1 month terms, fiscal year end",
  "Invoices of 31 January, 29 February 2028 and 31 December with terms by days, end of month and end of next month.",
  ({ books, says }) => {
    const due = (
      placedAt: string,
      from: "invoiceDate" | "endOfMonth" | "endOfNextMonth",
      days: number,
    ): string => {
      const ledger = books({ spec: withTables(SPEC, { terms: only({ kind: "terms", days, from }) }) });
      ledger.post({ ...CARD_ORDER, placedAt });
      return day(ledger.invoice().DueDate);
    };
    says("31 January and a month is the last day of February, leap year or not", () =>
      expect([
        due("2027-01-31 12:00:00", "endOfNextMonth", 0),
        due("2028-01-31 12:00:00", "endOfNextMonth", 0),
      ]).toEqual(["2027-02-28", "2028-02-29"]),
    );
    says("31 January + 30 days from the end of the month", () =>
      expect(due("2027-01-31 12:00:00", "endOfMonth", 30)).toBe("2027-03-02"),
    );
    says("28 and 29 February count as what they are", () =>
      expect([
        due("2028-02-28 12:00:00", "invoiceDate", 1),
        due("2028-02-29 12:00:00", "invoiceDate", 1),
        due("2028-02-29 12:00:00", "endOfMonth", 0),
      ]).toEqual(["2028-02-29", "2028-03-01", "2028-02-29"]),
    );
    says("terms run over the end of the year", () =>
      expect(due("2026-12-31 12:00:00", "invoiceDate", 30)).toBe("2027-01-30"),
    );
  },
);

scenario(
  "TIME-14",
  "Multi-store: one org or many",
  "Two stores, UK and AU, with the same increment id 100000501, into one organisation.",
  ({ books, says }) => {
    const mapped = (prefix: string) =>
      withSettings(SPEC, { numberPrefix: prefix, contactNumberPrefix: `${prefix}C-` });
    const uk = books({ spec: mapped("UK-") });
    const au = books({ spec: mapped("AU-"), beside: uk });
    uk.post(CARD_ORDER);
    au.post({ ...CARD_ORDER, name: ["Bruce", "Lee"], email: "bruce@example.org", customerId: 4 });
    const numbers = () =>
      uk
        .call("GET", "Invoices")
        .Invoices.map((one: Body) => [one.InvoiceNumber, one.Contact.Name])
        .sort();
    const both = [
      ["AU-100000501", "Bruce Lee (AU-C-C4)"],
      ["UK-100000501", "Jane Doe (UK-C-C77)"],
    ];
    says("a prefix per store keeps the numbers apart", () => expect(numbers()).toEqual(both));
    const careless = books({ spec: mapped("UK-"), beside: uk });
    says("documents are created with PUT: a number that is taken is refused, never overwritten", () => {
      const other: StoreOrder = { ...CARD_ORDER, id: 900, name: ["Eve", "Adams"], customerId: 5 };
      expect(() => careless.post(other)).toThrow(/^invoice: 400 Invoice # must be unique/);
      expect(numbers()).toEqual(both);
    });
  },
);

const cents = (amount: number): number => Math.round(amount) / 100;

const countsOf = (ledger: Books) =>
  Object.fromEntries(
    ["Invoices", "CreditNotes", "Payments"].map((name) => [name, ledger.call("GET", name)[name].length]),
  );

/** Amount and tax by account and tax type. */
function sumsByKey(invoice: Body): Record<string, readonly number[]> {
  const keyOf = (line: Body) => `${line.AccountCode} ${line.TaxType}`;
  const keys = [...new Set<string>(invoice.LineItems.map(keyOf))].sort();
  return Object.fromEntries(
    keys.map((key) => {
      const lines = invoice.LineItems.filter((line: Body) => keyOf(line) === key);
      return [key, [sumOf(lines, "LineAmount"), sumOf(lines, "TaxAmount")]];
    }),
  );
}

/** "/Date(1777852800000+0000)/" to its calendar day. */
function day(date: string): string {
  const ms = /\/Date\((\d+)/.exec(date)?.[1];
  return ms === undefined ? date.slice(0, 10) : new Date(Number(ms)).toISOString().slice(0, 10);
}

endChapter("08-timing", "Timing");
