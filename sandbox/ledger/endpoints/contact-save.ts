import type { Contact, ContactText } from "../books/rows.ts";
import { say } from "../wire/messages.ts";
import type { Call } from "./call.ts";
import {
  ADDRESS_LENGTHS,
  ADDRESS_TYPES,
  CONTACT_LENGTHS,
  CONTACT_PERSONS_MAX,
  type ContactDraft,
  PHONE_LENGTHS,
  PHONE_TYPES,
} from "./contact-shape.ts";
import { fireEvent } from "./webhook-events.ts";

/** Checks a contact and puts it into the books when there is nothing wrong with it. */
export function saveContact(
  call: Call,
  draft: ContactDraft,
  existing: Contact | undefined,
): { contact?: Contact; errors: string[] } {
  if (existing !== undefined && existing.status !== "ACTIVE" && !call.isBookkeeper) {
    return { errors: [say.archivedContactEdit] };
  }
  const errors = [...lengthErrors(draft), ...nameErrors(call, draft, existing), ...detailErrors(call, draft)];
  const number = draft.ContactNumber;
  if (number !== undefined && number !== "") {
    const holder = call.books.find("contacts", "number", number)[0];
    if (holder !== undefined && holder.id !== existing?.id) errors.push(say.contactNumberTaken);
  }
  if (errors.length > 0) return { errors };
  const contact = mergedContact(call, draft, contactOf(call, draft, existing));
  call.books.put("contacts", contact);
  fireEvent(
    call,
    "CONTACT",
    existing === undefined ? "CREATE" : "UPDATE",
    contact.id,
    `Contacts/${contact.id}`,
  );
  return { contact, errors: [] };
}

/** A bookkeeper merges a contact into another: its documents move there, and it stays as an archived pointer. */
function mergedContact(call: Call, draft: ContactDraft, contact: Contact): Contact {
  const { MergedToContactID: target } = draft;
  if (!call.isBookkeeper || target === undefined || call.books.get("contacts", target) === undefined) {
    return contact;
  }
  for (const document of call.books.find("documents", "contact", contact.id)) {
    call.books.put("documents", { ...document, contactId: target, updatedMs: call.nowMs });
  }
  return { ...contact, status: "ARCHIVED", mergedToContactId: target };
}

function nameErrors(call: Call, draft: ContactDraft, existing: Contact | undefined): string[] {
  const name = draft.Name ?? existing?.name;
  if (name === undefined || name.trim() === "") return [say.contactNameEmpty];
  const errors: string[] = [];
  // facts/xero.md section 4, Contacts: no angle brackets, no leading, trailing or repeated spaces.
  if (draft.Name !== undefined && /[<>]|^\s|\s$|\s{2}/.test(draft.Name))
    errors.push(say.contactNameCharacters);
  const isActive = (draft.ContactStatus ?? existing?.status ?? "ACTIVE") === "ACTIVE";
  const holder = isActive ? call.books.find("contacts", "name", name)[0] : undefined;
  if (holder !== undefined && holder.id !== existing?.id) errors.push(say.contactNameTaken(name));
  return errors;
}

function lengthErrors(draft: ContactDraft): string[] {
  const errors = tooLong(draft, CONTACT_LENGTHS);
  for (const address of draft.Addresses ?? []) errors.push(...tooLong(address, ADDRESS_LENGTHS));
  for (const phone of draft.Phones ?? []) errors.push(...tooLong(phone, PHONE_LENGTHS));
  return errors;
}

function tooLong(
  values: Readonly<Record<string, unknown>>,
  limits: Readonly<Record<string, number>>,
): string[] {
  return Object.entries(limits).flatMap(([field, max]) => {
    const value = values[field];
    return typeof value === "string" && value.length > max ? [say.tooLong(field, max)] : [];
  });
}

/** Umlauts in e-mail addresses are not supported (OpenAPI, Contact.EmailAddress). */
const EMAIL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;

function detailErrors(call: Call, draft: ContactDraft): string[] {
  const errors: string[] = [];
  const emails = [draft.EmailAddress, ...(draft.ContactPersons ?? []).map((person) => person.EmailAddress)];
  if (emails.some((email) => email !== undefined && email !== "" && !EMAIL.test(email)))
    errors.push(say.emailInvalid);
  if ((draft.ContactPersons ?? []).length > CONTACT_PERSONS_MAX) errors.push(say.contactPersonsTooMany);
  for (const address of draft.Addresses ?? []) {
    // "letters only" (OpenAPI, Address.Country).
    if (address.Country !== undefined && /[^\p{L}\s.,'()-]/u.test(address.Country)) {
      errors.push("The Country field must contain letters only.");
    }
  }
  const currency = draft.DefaultCurrency;
  if (currency !== undefined && currency !== "" && call.books.get("currencies", currency) === undefined) {
    errors.push(say.currencyNotSubscribed(currency));
  }
  for (const type of [draft.AccountsReceivableTaxType, draft.AccountsPayableTaxType]) {
    if (type !== undefined && type !== "" && call.books.get("taxRates", type)?.status !== "ACTIVE") {
      errors.push(say.taxTypeUnknown(type));
    }
  }
  return errors;
}

const TEXT_FIELDS = {
  ContactNumber: "contactNumber",
  AccountNumber: "accountNumber",
  FirstName: "firstName",
  LastName: "lastName",
  CompanyNumber: "companyNumber",
  EmailAddress: "emailAddress",
  BankAccountDetails: "bankAccountDetails",
  TaxNumber: "taxNumber",
  AccountsReceivableTaxType: "accountsReceivableTaxType",
  AccountsPayableTaxType: "accountsPayableTaxType",
  DefaultCurrency: "defaultCurrency",
  SalesDefaultAccountCode: "salesDefaultAccountCode",
  PurchasesDefaultAccountCode: "purchasesDefaultAccountCode",
} as const satisfies Partial<Record<keyof ContactDraft, keyof ContactText>>;
export const CONTACT_TEXT_FIELDS = Object.entries(TEXT_FIELDS) as [
  keyof typeof TEXT_FIELDS,
  keyof ContactText,
][];

function contactOf(call: Call, draft: ContactDraft, existing: Contact | undefined): Contact {
  const texts: { -readonly [K in keyof ContactText]?: string } = {};
  for (const [wire, field] of CONTACT_TEXT_FIELDS) {
    const value = draft[wire] ?? existing?.[field];
    if (value !== undefined) texts[field] = value;
  }
  return {
    ...texts,
    id: existing?.id ?? call.newId(),
    name: draft.Name ?? existing?.name ?? "",
    status: draft.ContactStatus ?? existing?.status ?? "ACTIVE",
    addresses: addressesOf(draft, existing),
    phones: phonesOf(draft, existing),
    // Persons that are not sent are dropped, once any are sent (facts/xero.md section 4, Contacts).
    persons: draft.ContactPersons?.map(personOf) ?? existing?.persons ?? [],
    isCustomer: existing?.isCustomer ?? false,
    isSupplier: existing?.isSupplier ?? false,
    updatedMs: call.nowMs,
    ...(existing?.mergedToContactId === undefined ? {} : { mergedToContactId: existing.mergedToContactId }),
  };
}

type PersonDraft = NonNullable<ContactDraft["ContactPersons"]>[number];
const personOf = (person: PersonDraft): Contact["persons"][number] => ({
  includeInEmails: person.IncludeInEmails ?? false,
  ...(person.FirstName === undefined ? {} : { firstName: person.FirstName }),
  ...(person.LastName === undefined ? {} : { lastName: person.LastName }),
  ...(person.EmailAddress === undefined ? {} : { emailAddress: person.EmailAddress }),
});

/** Addresses come back as STREET and POBOX, blank-filled (facts/xero.md section 4, Contacts). */
function addressesOf(draft: ContactDraft, existing: Contact | undefined): Contact["addresses"] {
  return ADDRESS_TYPES.map((type) => {
    const sent = draft.Addresses?.find((address) => address.AddressType === type);
    const before = existing?.addresses.find((address) => address.AddressType === type);
    if (sent === undefined && before !== undefined) return before;
    return {
      AddressType: type,
      City: "",
      Region: "",
      PostalCode: "",
      Country: "",
      ...definedTexts(sent ?? {}),
    };
  });
}

function phonesOf(draft: ContactDraft, existing: Contact | undefined): Contact["phones"] {
  return PHONE_TYPES.map((type) => {
    const sent = draft.Phones?.find((phone) => phone.PhoneType === type);
    const before = existing?.phones.find((phone) => phone.PhoneType === type);
    if (sent === undefined && before !== undefined) return before;
    return {
      PhoneType: type,
      PhoneNumber: "",
      PhoneAreaCode: "",
      PhoneCountryCode: "",
      ...definedTexts(sent ?? {}),
    };
  });
}

function definedTexts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) if (typeof value === "string") texts[name] = value;
  return texts;
}
