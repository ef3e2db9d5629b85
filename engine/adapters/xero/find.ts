/** Looking documents up: by business key or id, with lines and payments, archived ones too (facts/xero.md section 2, "Reading"). */
import type { AccountingApi } from "xero-node";
import { assert, never } from "../../core/assert.ts";
import type { FindQuery } from "../../ports.ts";

const VALUES_MAX = 50;
/** A number can have more documents than one (bills share numbers), so a page is asked for that holds them all. */
const PAGE_SIZE = 1_000;

type Read = (api: AccountingApi, tenantId: string) => Promise<unknown>;

export function readOf({ resource, by, values }: FindQuery): Read {
  assert(values.length <= VALUES_MAX, `at most ${VALUES_MAX} values are looked up at once`);
  switch (resource) {
    case "Invoices":
      return (api, tenant) =>
        getInvoices(api, tenant, by === "InvoiceID" ? { ids: [...values] } : { numbers: [...values] });
    case "Contacts":
      return (api, tenant) =>
        getContacts(
          api,
          tenant,
          by === "ContactID" ? { ids: [...values] } : { where: textFilter("ContactNumber", values) },
        );
    case "CreditNotes":
      return (api, tenant) => getCreditNotes(api, tenant, creditNotesFilter(by, values));
    case "Items":
      return (api, tenant) => api.getItems(tenant, undefined, textFilter("Code", values), undefined, 4);
    case "BankTransactions":
      return (api, tenant) => getBankTransactions(api, tenant, textFilter("Reference", values));
    default:
      return never(resource);
  }
}

/** A page number makes the answer whole: without one, lists leave the lines out. */
const getInvoices = (
  api: AccountingApi,
  tenant: string,
  { ids, numbers }: { readonly ids?: string[]; readonly numbers?: string[] },
): Promise<unknown> =>
  api.getInvoices(
    tenant,
    undefined, // ifModifiedSince
    undefined, // where
    undefined, // order
    ids,
    numbers,
    undefined, // contactIDs
    undefined, // statuses
    1, // page
    true, // includeArchived
    undefined, // createdByMyApp
    4, // unitdp
    undefined, // summaryOnly
    PAGE_SIZE,
  );

const getContacts = (
  api: AccountingApi,
  tenant: string,
  { ids, where }: { readonly ids?: string[]; readonly where?: string },
): Promise<unknown> =>
  api.getContacts(
    tenant,
    undefined, // ifModifiedSince
    where,
    undefined, // order
    ids,
    1, // page
    true, // includeArchived
    undefined, // summaryOnly
    undefined, // searchTerm
    PAGE_SIZE,
  );

const getCreditNotes = (api: AccountingApi, tenant: string, where: string): Promise<unknown> =>
  api.getCreditNotes(
    tenant,
    undefined, // ifModifiedSince
    where,
    undefined, // order
    1, // page
    4, // unitdp
    PAGE_SIZE,
  );

const getBankTransactions = (api: AccountingApi, tenant: string, where: string): Promise<unknown> =>
  api.getBankTransactions(
    tenant,
    undefined, // ifModifiedSince
    where,
    undefined, // order
    1, // page
    4, // unitdp
    PAGE_SIZE,
  );

const creditNotesFilter = (by: "CreditNoteNumber" | "CreditNoteID", values: readonly string[]): string =>
  by === "CreditNoteNumber"
    ? textFilter("CreditNoteNumber", values)
    : values.map((value) => `CreditNoteID==Guid("${value}")`).join(" OR ");

/** These have no list of keys to ask by; a column that may be empty must be said not to be. */
function textFilter(column: string, values: readonly string[]): string {
  assert(
    values.every((value) => !/["\\]/.test(value)),
    `a ${column} has no quotes`,
  );
  const keys = values.map((value) => `${column}=="${value}"`).join(" OR ");
  return `${column}!=null AND (${keys})`;
}
