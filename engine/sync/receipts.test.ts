import { expect, test } from "vitest";
import type { OutboxDocument } from "../ports.ts";
import { fillReceipts } from "./receipts.ts";

const document: OutboxDocument = {
  id: "d1",
  step: "invoice",
  resource: "Invoices",
  lookup: null,
  body: { Contact: { ContactID: null }, "a/b": [{ Id: null }], Note: null },
  lineage: {
    "/Contact/ContactID": { from: "receipt", step: "contact", field: "ContactID" },
    "/a~1b/0/Id": { from: "receipt", step: "other", field: "InvoiceID" },
    "/Note": { from: "fixed", why: "always empty" },
  },
  total: null,
  state: "queued",
  setbacks: 0,
  receipts: { contact: "C-1", other: "O-1" },
};

test("every leaf of a receipt gets the id of its step, and nothing else changes", () => {
  expect(fillReceipts(document)).toEqual({
    Contact: { ContactID: "C-1" },
    "a/b": [{ Id: "O-1" }],
    Note: null,
  });
  expect(document.body.Contact).toEqual({ ContactID: null });
});

test("a document is never frozen without the receipt that it needs", () => {
  expect(() => fillReceipts({ ...document, receipts: { contact: "C-1" } })).toThrow(/after other/);
});

test("a leaf that has a value already is a bug", () => {
  expect(() =>
    fillReceipts({ ...document, body: { ...document.body, Contact: { ContactID: "X" } } }),
  ).toThrow(/null before/);
});
