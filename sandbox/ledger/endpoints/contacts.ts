import type { Contact } from "../books/rows.ts";
import { okReply, type Reply } from "../wire/envelope.ts";
import { listRows } from "../wire/listing.ts";
import { echoShape, isGuid, readShape, ZERO_GUID } from "../wire/shape.ts";
import { boolField, dateField, guidField, type QueryFields, stringField } from "../wire/where-eval.ts";
import { type Settled, settleBatch } from "./batch.ts";
import type { Call } from "./call.ts";
import { type Element, elementsOf, foundOr404, onlyElementOf, param, reading } from "./call.ts";
import { renderContact } from "./contact-render.ts";
import { saveContact } from "./contact-save.ts";
import { type ContactDraft, contactShape } from "./contact-shape.ts";

export function listContacts(call: Call): Reply {
  const { query } = call;
  const ids = query.list("IDs")?.map((id) => id.toLowerCase());
  const term = query.text("searchTerm")?.toLowerCase();
  const includeArchived = query.flag("includeArchived");
  const rows = call.books.all("contacts").filter((contact) => {
    if (!includeArchived && contact.status !== "ACTIVE") return false;
    if (ids !== undefined && !ids.includes(contact.id)) return false;
    return term === undefined || matchesTerm(contact, term);
  });
  const summaryOnly = query.flag("summaryOnly");
  const listed = listRows({
    rows,
    query,
    ifModifiedSince: call.header("if-modified-since"),
    fields: CONTACT_FIELDS,
    typeName: "Contact",
    updatedMs: (contact) => contact.updatedMs,
    canPage: true,
    forcePaging: summaryOnly,
    defaultOrder: (left, right) => left.updatedMs - right.updatedMs,
  });
  const level = listed.pagination === undefined || summaryOnly ? "list" : "full";
  const elements = listed.rows.map((contact) => renderContact(call.books, contact, level));
  return okReply(call.nowMs, "Contacts", elements, listed.pagination);
}

const matchesTerm = (contact: Contact, term: string): boolean =>
  [
    contact.name,
    contact.firstName,
    contact.lastName,
    contact.contactNumber,
    contact.companyNumber,
    contact.emailAddress,
  ].some((value) => value?.toLowerCase().includes(term) === true);

export function getContact(call: Call): Reply {
  const contact = foundOr404(findContact(call, param(call, "id")));
  return okReply(call.nowMs, "Contacts", [renderContact(call.books, contact, "single")]);
}

/** GET /Contacts/{ContactID} and /Contacts/{ContactNumber} share a path. */
export function findContact(call: Call, key: string): Contact | undefined {
  if (isGuid(key)) return call.books.get("contacts", key.toLowerCase());
  return call.books.find("contacts", "number", decodeURIComponent(key))[0];
}

/** PUT creates only; POST finds by id, then number, then name (facts/xero.md section 4, Contacts). */
export function saveContacts(call: Call): Reply {
  const elements = elementsOf(call, "Contacts", "Contact").map((element) => readElement(call, element));
  return settleBatch(call, {
    plural: "Contacts",
    errorFlag: "HasValidationErrors",
    elements: elements.map(
      ({ draft, existing }) =>
        () =>
          settle(call, draft, existing ?? matchByKeys(call, draft)),
    ),
  });
}

export function updateContact(call: Call): Reply {
  const existing = foundOr404(findContact(call, param(call, "id")));
  const { value, path } = onlyElementOf(call, "Contacts", "Contact");
  const draft = reading(() => readShape(contactShape, value, path));
  return settleBatch(call, {
    plural: "Contacts",
    errorFlag: "HasValidationErrors",
    elements: [() => settle(call, draft, existing)],
  });
}

function readElement(call: Call, { value, path }: Element): { draft: ContactDraft; existing?: Contact } {
  const draft = reading(() => readShape(contactShape, value, path));
  if (draft.ContactID === undefined || call.method !== "POST") return { draft };
  return { draft, existing: foundOr404(call.books.get("contacts", draft.ContactID)) };
}

function matchByKeys(call: Call, draft: ContactDraft): Contact | undefined {
  if (call.method !== "POST") return undefined;
  const byNumber = draft.ContactNumber
    ? call.books.find("contacts", "number", draft.ContactNumber)[0]
    : undefined;
  if (byNumber !== undefined) return byNumber;
  return draft.Name ? call.books.find("contacts", "name", draft.Name)[0] : undefined;
}

function settle(call: Call, draft: ContactDraft, existing: Contact | undefined): Settled {
  const { contact, errors } = saveContact(call, draft, existing);
  if (contact !== undefined) return { ok: true, element: renderContact(call.books, contact, "full") };
  // A refused create has the zero GUID (examples/errors/400_contact_duplicate_name.json).
  const id = existing?.id ?? ZERO_GUID;
  const element = {
    ...echoShape(contactShape, draft),
    ContactID: id,
    HasErrors: true,
    StatusAttributeString: "ERROR",
  };
  return { ok: false, element, errors };
}

const CONTACT_FIELDS: QueryFields<Contact> = {
  ContactID: guidField((row) => row.id),
  ContactNumber: stringField((row) => row.contactNumber, true),
  AccountNumber: stringField((row) => row.accountNumber, true),
  Name: stringField((row) => row.name),
  FirstName: stringField((row) => row.firstName, true),
  LastName: stringField((row) => row.lastName, true),
  EmailAddress: stringField((row) => row.emailAddress, true),
  CompanyNumber: stringField((row) => row.companyNumber, true),
  TaxNumber: stringField((row) => row.taxNumber, true),
  ContactStatus: stringField((row) => row.status),
  IsCustomer: boolField((row) => row.isCustomer),
  IsSupplier: boolField((row) => row.isSupplier),
  UpdatedDateUTC: dateField((row) => row.updatedMs),
};
