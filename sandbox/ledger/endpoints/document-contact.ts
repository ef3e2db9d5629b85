import type { Contact } from "../books/rows.ts";
import { say } from "../wire/messages.ts";
import type { Call } from "./call.ts";
import { saveContact } from "./contact-save.ts";
import type { ContactDraft } from "./contact-shape.ts";
import type { Kind } from "./document-shape.ts";
import type { Problems } from "./problems.ts";

/**
 * The contact of a document. Other fields than the id update the contact as a side effect, and a name that no active
 * contact has makes a new one (facts/xero.md section 4, Contacts): clients should send the id only.
 */
export function resolveContact(
  call: Call,
  { kind, type }: { kind: Kind; type: string | undefined },
  draft: ContactDraft | undefined,
  problems: Problems,
  currentId: string | undefined,
): Contact | undefined {
  if (draft === undefined) return refuse(problems, say.contactMissing);
  const { ContactID: id, ContactNumber: number, Name: name } = draft;
  if (id === undefined && !number && !name) {
    return refuse(problems, unnamedMessage(kind, type, name));
  }
  const found = findByKeys(call, draft);
  if (id !== undefined && found === undefined) return refuse(problems, say.contactUnknown);
  if (found === undefined) return saved(call, draft, undefined, problems);
  // A document that already has the contact may keep it after it was archived.
  if (found.status !== "ACTIVE" && found.id !== currentId) return refuse(problems, say.contactArchived);
  return hasChanges(draft, found) && found.status === "ACTIVE" ? saved(call, draft, found, problems) : found;
}

/** Messages 17 and 19: nothing that identifies anybody, or a name of nothing on money spent. */
function unnamedMessage(kind: Kind, type: string | undefined, name: string | undefined): string {
  if (kind.kind !== "bankTransaction") return say.contactEmpty;
  return name === "" && type?.startsWith("SPEND") ? say.paidToEmpty : say.contactUnidentified;
}

function findByKeys(call: Call, draft: ContactDraft): Contact | undefined {
  const { books } = call;
  if (draft.ContactID !== undefined) return books.get("contacts", draft.ContactID);
  const byNumber = draft.ContactNumber ? books.find("contacts", "number", draft.ContactNumber)[0] : undefined;
  if (byNumber !== undefined || !draft.Name) return byNumber;
  return books.find("contacts", "name", draft.Name)[0] ?? books.find("contacts", "anyName", draft.Name)[0];
}

/** The keys that found the contact are no change; anything else is. */
function hasChanges(draft: ContactDraft, found: Contact): boolean {
  return Object.entries(draft).some(([field, value]) => {
    if (
      field === "ContactID" ||
      field === "MergedToContactID" ||
      (field === "ContactNumber" && value === found.contactNumber)
    )
      return false;
    return !(field === "Name" && value === found.name);
  });
}

function saved(
  call: Call,
  draft: ContactDraft,
  existing: Contact | undefined,
  problems: Problems,
): Contact | undefined {
  const { contact, errors } = saveContact(call, draft, existing);
  for (const error of errors) problems.add(error);
  return contact;
}

function refuse(problems: Problems, message: string): undefined {
  problems.add(message);
  return undefined;
}
