/** Customer -> contact. A contact is found again by its ContactNumber; its name must be unique in the ledger. */
import type { Held } from "./hold.ts";
import { fillTemplate } from "./mapping.ts";
import { compose, type Node, type PlannedDocument } from "./plan.ts";
import { computed, decideFor, fixed, fromField, fromSource, type PlanInput } from "./plan-input.ts";
import { ok, type Result } from "./result.ts";
import type { Address } from "./sale.ts";
import { cleanText, cutText, orderFacts, templateValue } from "./sale-facts.ts";
import { pointerOf } from "./shapes.ts";

export const CONTACT_STEP = "contact";
const NUMBER_MAX = 50;
const NAME_MAX = 255;
const EMAIL_MAX = 255;
const STREET_MAX = 500;
const STREET_LINES_MAX = 4;
const EMAIL = /^[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+\.[A-Za-z]{2,}$/;

export const contactNumber = ({ sale, spec }: PlanInput): string =>
  (spec.settings.contactNumberPrefix + sale.customer.key).slice(0, NUMBER_MAX);

export function planContact(input: PlanInput): Result<PlannedDocument, Held> {
  const facts = orderFacts(input.sale, input.org.timezone);
  const policy = decideFor(input.spec, "contact", facts, "/customer", ["perCustomer", "sharedContact"]);
  if (!policy.ok) return policy;
  const { outcome, from } = policy.value;
  if (outcome.kind === "sharedContact")
    return ok(sharedContact(input, outcome.name, { leaf: outcome.name, from }));
  return ok(customerContact(input));
}

function customerContact(input: PlanInput): PlannedDocument {
  const { sale, spec, org } = input;
  const number = contactNumber(input);
  // Cleaned as a whole: an empty slot leaves two spaces, which Xero refuses in names.
  const name = cleanText(
    fillTemplate(
      spec.fields.contactName,
      templateValue({ sale, timezone: org.timezone, contactNumber: number }),
    ),
  );
  const email = sale.customer.email;
  const vatId = sale.customer.vatId ?? sale.billing?.vatId ?? null;
  const tree: { [key: string]: Node | undefined } = {
    Name: fromField(cutText(name || number, NAME_MAX), "contactName"),
    ContactNumber: computed(number, "contact number prefix and the customer's key", ["/customer/key"]),
    FirstName: text(sale.customer.firstName, "/customer/firstName", NAME_MAX),
    LastName: text(sale.customer.lastName, "/customer/lastName", NAME_MAX),
    // Xero refuses addresses with umlauts; an address that it would refuse is left out rather than lost with the contact.
    EmailAddress: email !== null && isUsable(email) ? fromSource(email, "/customer/email") : undefined,
    TaxNumber: text(vatId, sale.customer.vatId === null ? "/billing/vatId" : "/customer/vatId", NUMBER_MAX),
    Addresses: sale.billing === null ? undefined : [addressNode(sale.billing)],
  };
  return {
    step: CONTACT_STEP,
    after: [],
    resource: "Contacts",
    method: "PUT",
    identity: {
      kind: "contact",
      sourceType: sale.customer.registered ? "customer" : "guest",
      sourceId: sale.customer.key,
      part: "",
      generation: 1,
    },
    lookup: { by: "ContactNumber", value: number },
    ...compose(tree),
  };
}

function sharedContact({ spec }: PlanInput, name: string, leaf: Node): PlannedDocument {
  const slug = slugOf(name);
  const number = `${spec.settings.contactNumberPrefix}shared-${slug}`.slice(0, NUMBER_MAX);
  return {
    step: CONTACT_STEP,
    after: [],
    resource: "Contacts",
    method: "PUT",
    identity: { kind: "contact", sourceType: "shared", sourceId: slug, part: "", generation: 1 },
    lookup: { by: "ContactNumber", value: number },
    ...compose({ Name: leaf, ContactNumber: fixed(number, "made of the shared contact's name") }),
  };
}

/** Letters that a number cannot hold are spelt as their code points, so that two names never share a number. */
const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{ASCII}]/gu, (letter) => `u${letter.codePointAt(0)?.toString(16)}`)
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

const isUsable = (email: string): boolean => email.length <= EMAIL_MAX && EMAIL.test(email);

function addressNode(address: Address): Node {
  const path = (field: string) => pointerOf("billing", field);
  const lines = address.street.map(cleanText).filter((line) => line !== "");
  return {
    AddressType: fixed("POBOX", "Xero prints the POBOX address on invoices"),
    ...Object.fromEntries(
      lines
        .slice(0, STREET_LINES_MAX)
        .map((line, index) => [
          `AddressLine${index + 1}`,
          fromSource(cutText(line, STREET_MAX), pointerOf("billing", "street", index)),
        ]),
    ),
    City: text(address.city, path("city"), 255),
    Region: text(address.region, path("region"), 255),
    PostalCode: text(address.postcode, path("postcode"), 50),
    Country: text(address.country, path("country"), 50),
  };
}

function text(value: string | null, path: string, max: number): Node | undefined {
  const cleaned = value === null ? "" : cutText(cleanText(value), max);
  return cleaned === "" ? undefined : fromSource(cleaned, path);
}
