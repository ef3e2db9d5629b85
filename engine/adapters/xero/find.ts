/** Looking documents up: by business key or id, with lines and payments, archived ones too (facts/xero.md section 2, "Reading"). */
import type { AccountingApi } from "xero-node";
import { assert } from "../../core/assert.ts";
import type { FindBy } from "../../ports.ts";

const VALUES_MAX = 50;
/** A number can have more documents than one (bills share numbers), so a page is asked for that holds them all. */
const PAGE_SIZE = 1_000;

type Read = (api: AccountingApi, tenantId: string) => Promise<unknown>;

export function readOf(resource: "Contacts" | "Invoices", by: FindBy, values: readonly string[]): Read {
  assert(values.length <= VALUES_MAX, `at most ${VALUES_MAX} values are looked up at once`);
  switch (by) {
    case "InvoiceNumber":
      assert(resource === "Invoices", "an invoice is found by its number");
      return (api, tenant) => getInvoices(api, tenant, { numbers: [...values] });
    case "InvoiceID":
      assert(resource === "Invoices", "an invoice is found by its id");
      return (api, tenant) => getInvoices(api, tenant, { ids: [...values] });
    case "ContactNumber":
      assert(resource === "Contacts", "a contact is found by its number");
      return (api, tenant) => getContacts(api, tenant, { where: numbersFilter(values) });
    case "ContactID":
      assert(resource === "Contacts", "a contact is found by its id");
      return (api, tenant) => getContacts(api, tenant, { ids: [...values] });
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

/** Contacts have no list of numbers to ask by; a column that may be empty must be said not to be. */
function numbersFilter(values: readonly string[]): string {
  assert(
    values.every((value) => !/["\\]/.test(value)),
    "a contact number has no quotes",
  );
  const numbers = values.map((value) => `ContactNumber=="${value}"`).join(" OR ");
  return `ContactNumber!=null AND (${numbers})`;
}
