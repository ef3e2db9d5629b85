/** What is delivered, predecessors first. One resource is one wave, since a write takes one kind of document. */
import type { Resource } from "../core/plan.ts";

export const WAVES: readonly Resource[] = ["Contacts", "Invoices", "Payments"];
