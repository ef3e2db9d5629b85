/** One write for each kind of document: PUT, each element settled alone, unit amounts with four decimals. */
import type { AccountingApi } from "xero-node";
import { assert, never } from "../../core/assert.ts";
import type { Resource } from "../../core/plan.ts";
import type { Json } from "../../core/shapes.ts";
import {
  toAllocation,
  toBankTransactions,
  toContacts,
  toCreditNotes,
  toInvoices,
  toItems,
  toPayments,
} from "./bodies.ts";

export type Call = (api: AccountingApi, tenantId: string) => Promise<unknown>;

export type Write = {
  readonly resource: Resource;
  readonly bodies: readonly Json[];
  readonly idempotencyKey: string;
};

/** The key's place among the arguments differs from method to method (facts/xero.md section 8). */
export function writeCall({ resource, bodies, idempotencyKey: key }: Write): Call {
  switch (resource) {
    case "Contacts": {
      const contacts = toContacts(bodies);
      return (api, tenant) => api.createContacts(tenant, { contacts }, false, key);
    }
    case "Items": {
      const items = toItems(bodies);
      return (api, tenant) => api.createItems(tenant, { items }, false, 4, key);
    }
    case "Invoices": {
      const invoices = toInvoices(bodies);
      return (api, tenant) => api.createInvoices(tenant, { invoices }, false, 4, key);
    }
    case "CreditNotes": {
      const creditNotes = toCreditNotes(bodies);
      return (api, tenant) => api.createCreditNotes(tenant, { creditNotes }, false, 4, key);
    }
    case "BankTransactions": {
      const bankTransactions = toBankTransactions(bodies);
      return (api, tenant) => api.createBankTransactions(tenant, { bankTransactions }, false, 4, key);
    }
    case "Payments": {
      const payments = toPayments(bodies);
      return (api, tenant) => api.createPayments(tenant, { payments }, false, key);
    }
    case "Allocations": {
      const [only, ...others] = bodies.map(toAllocation);
      assert(only !== undefined && others.length === 0, "allocations are made one by one");
      const { creditNoteId, allocation } = only;
      return (api, tenant) =>
        api.createCreditNoteAllocation(tenant, creditNoteId, { allocations: [allocation] }, false, key);
    }
    default:
      return never(resource);
  }
}
