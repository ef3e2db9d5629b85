/** What is delivered, predecessors first. One resource is one wave, since a write takes one kind of document. */
import type { Resource } from "../core/plan.ts";

export const WAVES: readonly Resource[] = [
  "Contacts",
  "Items",
  "Invoices",
  "CreditNotes",
  "BankTransactions",
  "Payments",
  "Allocations",
];

/** Without a number of their own that the ledger keeps unique: they are looked up before every send, or they could be there twice. */
export const NUMBERLESS: ReadonlySet<Resource> = new Set(["Payments", "Allocations", "BankTransactions"]);

/** An allocation is made under its credit note: one call each. */
export const SINGLE: ReadonlySet<Resource> = new Set(["Allocations"]);
