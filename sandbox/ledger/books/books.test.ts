import { expect, test } from "vitest";
import { openTestLedger } from "../testing.ts";
import { Books } from "./books.ts";
import type { TradeDocument } from "./rows.ts";

/** Only what an order by update looks at; the rest of a document is one from the ledger. */
function documentOf(id: string, updatedMs: number): TradeDocument {
  const { ledger, call, contactId } = openTestLedger();
  call("PUT", "Invoices", {
    Type: "ACCREC",
    Contact: { ContactID: contactId },
    LineItems: [{ Description: "A thing", Quantity: 1, UnitAmount: 1, AccountCode: "200" }],
  });
  const [document] = ledger.books.all("documents");
  if (document === undefined) throw new Error("the ledger made no invoice");
  return { ...document, id, updatedMs };
}

test("documents by update follow every change and its undoing, those of one moment in the order they came", () => {
  const books = new Books();
  const ids = (): string[] => books.byUpdate("documents").map(({ id }) => id);
  for (const [id, updatedMs] of [
    ["late", 30],
    ["early", 10],
    ["alsoEarly", 10],
  ] as const) {
    books.put("documents", documentOf(id, updatedMs));
  }
  expect(ids()).toEqual(["early", "alsoEarly", "late"]);
  const mark = books.mark();
  books.put("documents", documentOf("early", 40));
  expect(ids()).toEqual(["alsoEarly", "late", "early"]);
  books.remove("documents", "late");
  expect(ids()).toEqual(["alsoEarly", "early"]);
  books.rollback(mark);
  expect(ids()).toEqual(["early", "alsoEarly", "late"]);
});
