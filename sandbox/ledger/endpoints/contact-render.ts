import type { Books } from "../books/books.ts";
import type { Contact } from "../books/rows.ts";
import { openAmountOf } from "../books/settlement.ts";
import { wireMs } from "../wire/dates.ts";
import { type JsonRecord, money } from "../wire/json.ts";
import { CONTACT_TEXT_FIELDS } from "./contact-save.ts";

/** `list` is the unpaged list, `full` a page or a write, `single` a GET by id, which also has balances. */
export type ContactLevel = "list" | "full" | "single";

export function renderContact(books: Books, contact: Contact, level: ContactLevel): JsonRecord {
  const texts: Record<string, string> = {};
  for (const [wire, field] of CONTACT_TEXT_FIELDS) {
    const value = contact[field];
    if (value !== undefined && value !== "") texts[wire] = value;
  }
  return {
    ContactID: contact.id,
    ContactStatus: contact.status,
    Name: contact.name,
    ...texts,
    EmailAddress: contact.emailAddress ?? "",
    BankAccountDetails: contact.bankAccountDetails ?? "",
    Addresses: contact.addresses,
    Phones: contact.phones,
    UpdatedDateUTC: wireMs(contact.updatedMs),
    ContactGroups: [],
    IsSupplier: contact.isSupplier,
    IsCustomer: contact.isCustomer,
    ...(level === "list" || contact.mergedToContactId === undefined
      ? {}
      : { MergedToContactID: contact.mergedToContactId }),
    ...(level === "list" ? {} : { SalesTrackingCategories: [], PurchasesTrackingCategories: [] }),
    ...(level === "single" ? { Balances: balancesOf(books, contact) } : {}),
    ContactPersons: contact.persons.map((person) => ({
      FirstName: person.firstName ?? "",
      LastName: person.lastName ?? "",
      EmailAddress: person.emailAddress ?? "",
      IncludeInEmails: person.includeInEmails,
    })),
    HasAttachments: books.find("attachments", "parent", contact.id).length > 0,
    HasValidationErrors: false,
  };
}

/** On a document in a list: id and name only (facts/xero.md section 2, Reading). */
export const renderContactSummary = (contact: Contact): JsonRecord => ({
  ContactID: contact.id,
  Name: contact.name,
  Addresses: [],
  Phones: [],
  ContactGroups: [],
  ContactPersons: [],
  HasValidationErrors: false,
});

function balancesOf(books: Books, contact: Contact): JsonRecord {
  let receivable = 0n;
  let payable = 0n;
  for (const document of books.find("documents", "contact", contact.id)) {
    const open = openAmountOf(books, document);
    if (document.type === "ACCREC") receivable += open;
    if (document.type === "ACCRECCREDIT" || document.type.startsWith("RECEIVE-")) receivable -= open;
    if (document.type === "ACCPAY") payable += open;
    if (document.type === "ACCPAYCREDIT" || document.type.startsWith("SPEND-")) payable -= open;
  }
  return {
    AccountsReceivable: { Outstanding: money(receivable), Overdue: money(0n) },
    AccountsPayable: { Outstanding: money(payable), Overdue: money(0n) },
  };
}
