/** Customer -> contact. A contact is found again by its ContactNumber; its name must be unique in the ledger. */
import { never } from "./assert.ts";
import type { Held } from "./hold.ts";
import { shortened } from "./item-code.ts";
import { fillTemplate, type MappingSpec } from "./mapping.ts";
import { compose, type Leaf, type Node, type PlannedDocument } from "./plan.ts";
import { computed, decideFor, fixed, fromField, fromSource, type PlanInput } from "./plan-input.ts";
import { ok, type Result } from "./result.ts";
import type { Address, CanonicalSale } from "./sale.ts";
import { cleanText, cutText, orderFacts, templateValue } from "./sale-facts.ts";
import { pointerOf } from "./shapes.ts";

export const CONTACT_STEP = "contact";
const NUMBER_MAX = 50;
const NAME_MAX = 255;
const EMAIL_MAX = 255;
/** Of a key that is made of a name; with its prefixes it stays within a contact number. */
const COMPANY_KEY_MAX = 30;
const PERSONS_MAX = 5;
const STREET_MAX = 500;
const STREET_LINES_MAX = 4;
const EMAIL = /^[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+\.[A-Za-z]{2,}$/;

export const contactNumber = ({ sale, spec }: PlanInput): string => numberOf(spec, sale.customer.key);

export function planContact(input: PlanInput): Result<PlannedDocument, Held> {
  const facts = orderFacts(input.sale, input.org.timezone);
  const kinds = ["perCustomer", "perCompany", "sharedContact"] as const;
  const policy = decideFor(input.spec, "contact", facts, "/customer", kinds);
  if (!policy.ok) return policy;
  const { outcome, from } = policy.value;
  switch (outcome.kind) {
    case "sharedContact":
      return ok(sharedContact(input.spec, outcome.name, { leaf: outcome.name, from }));
    case "perCompany": {
      const company = companyOf(input.sale);
      // A consumer is nobody's buyer.
      return ok(company === undefined ? customerContact(input) : companyContact(input, company));
    }
    case "perCustomer":
      return ok(customerContact(input));
    default:
      return never(outcome);
  }
}

function customerContact(input: PlanInput): PlannedDocument {
  const { sale } = input;
  const number = contactNumber(input);
  const tree: { [key: string]: Node | undefined } = {
    Name: fromField(nameByTemplate(input, number), "contactName"),
    ContactNumber: computed(number, "contact number prefix and the customer's key", ["/customer/key"]),
    ...personNodes(sale),
    TaxNumber: taxNumber(sale),
    Addresses: sale.billing === null ? undefined : [addressNode(sale.billing)],
  };
  return contactDocument({
    number,
    sourceType: sale.customer.registered ? "customer" : "guest",
    sourceId: sale.customer.key,
    tree,
  });
}

function nameByTemplate({ sale, spec, org }: PlanInput, number: string): string {
  // Cleaned as a whole: an empty slot leaves two spaces, which Xero refuses in names.
  const name = cleanText(
    fillTemplate(
      spec.fields.contactName,
      templateValue({ sale, timezone: org.timezone, contactNumber: number }),
    ),
  );
  return cutText(name || number, NAME_MAX);
}

const personNodes = ({ customer }: CanonicalSale): { readonly [key: string]: Node | undefined } => ({
  FirstName: text(customer.firstName, "/customer/firstName", NAME_MAX),
  LastName: text(customer.lastName, "/customer/lastName", NAME_MAX),
  // Xero refuses addresses with umlauts; an address that it would refuse is left out rather than lost with the contact.
  EmailAddress:
    customer.email !== null && isUsable(customer.email)
      ? fromSource(customer.email, "/customer/email")
      : undefined,
});

function taxNumber({ customer, billing }: CanonicalSale): Node | undefined {
  const path = customer.vatId === null ? "/billing/vatId" : "/customer/vatId";
  return text(customer.vatId ?? billing?.vatId ?? null, path, NUMBER_MAX);
}

/** The debtor is the company, whoever of its people bought (facts/accounting.md CUST-04). */
function companyContact(input: PlanInput, { key, name }: Company): PlannedDocument {
  const { sale, spec } = input;
  const number = numberOf(spec, key);
  const persons = personsOf(sale);
  const tree: { [key: string]: Node | undefined } = {
    Name: text(name, "/billing/company", NAME_MAX) ?? fromField(nameByTemplate(input, number), "contactName"),
    ContactNumber: computed(number, "contact number prefix and the company's VAT number or name", [
      "/billing",
    ]),
    ...personNodes(sale),
    TaxNumber: taxNumber(sale),
    ContactPersons: persons.length === 0 ? undefined : persons,
    Addresses: sale.billing === null ? undefined : [addressNode(sale.billing)],
  };
  return contactDocument({ number, sourceType: "company", sourceId: key, tree });
}

/** The buyer, and whom else of the company the order names. */
function personsOf({ customer, billing, shipTo }: CanonicalSale): Node[] {
  const isOfCompany = shipTo?.company != null && shipTo.company === billing?.company;
  const named = [
    { ...customer, path: "/customer" },
    { firstName: null, lastName: null, ...billing, email: null, path: "/billing" },
    ...(isOfCompany ? [{ ...shipTo, email: null, path: "/shipTo" }] : []),
  ];
  const seen = new Set<string>();
  const persons = named.flatMap(({ firstName, lastName, email, path }): Node[] => {
    const key = cleanText(`${firstName ?? ""} ${lastName ?? ""}`).toLowerCase();
    if (key === "" || seen.has(key)) return [];
    seen.add(key);
    return [
      {
        FirstName: text(firstName, `${path}/firstName`, NAME_MAX),
        LastName: text(lastName, `${path}/lastName`, NAME_MAX),
        EmailAddress: email !== null && isUsable(email) ? fromSource(email, `${path}/email`) : undefined,
      },
    ];
  });
  return persons.slice(0, PERSONS_MAX);
}

type Company = { readonly key: string; readonly name: string | null };

/** By its VAT number, however that is spaced, else by its name, however that is spelt in capitals and spaces. */
function companyOf({ customer, billing }: CanonicalSale): Company | undefined {
  const name = cleanText(billing?.company ?? "");
  const vatId = (customer.vatId ?? billing?.vatId ?? "").toUpperCase().replace(/[^A-Z0-9]/g, "");
  if (vatId !== "") return { key: `V${vatId}`, name: name || null };
  if (name === "") return undefined;
  const spelt = name.toLowerCase();
  return { key: `N${shortened(slugOf(name), spelt, COMPANY_KEY_MAX)}`, name };
}

type ContactParts = {
  readonly step?: string;
  readonly number: string;
  readonly sourceType: "customer" | "guest" | "company" | "shared";
  readonly sourceId: string;
  readonly tree: { readonly [key: string]: Node | undefined };
};

const contactDocument = ({
  step = CONTACT_STEP,
  number,
  tree,
  ...source
}: ContactParts): PlannedDocument => ({
  step,
  after: [],
  resource: "Contacts",
  method: "PUT",
  identity: { kind: "contact", ...source, part: "", generation: 1 },
  lookup: { by: "ContactNumber", value: number },
  ...compose(tree),
});

const numberOf = ({ settings }: MappingSpec, key: string): string =>
  (settings.contactNumberPrefix + key).slice(0, NUMBER_MAX);

export function sharedContact(spec: MappingSpec, name: string, leaf: Node): PlannedDocument {
  const slug = slugOf(name);
  const number = numberOf(spec, `shared-${slug}`);
  const tree = { Name: leaf, ContactNumber: fixed(number, "made of the shared contact's name") };
  return contactDocument({ number, sourceType: "shared", sourceId: slug, tree });
}

/** Whoever carries parcels for us, under the name that the store has for it. */
export function carrierContact(spec: MappingSpec, leaf: Leaf, name: string): PlannedDocument {
  const slug = slugOf(name);
  const key = slug.length <= COMPANY_KEY_MAX && slug !== "" ? slug : shortened(slug, name, COMPANY_KEY_MAX);
  const number = numberOf(spec, `carrier-${key}`);
  const tree = {
    Name: { ...leaf, leaf: cutText(name, NAME_MAX) },
    ContactNumber: fixed(number, "made of the carrier's name"),
  };
  return contactDocument({
    step: `carrier-${key}`,
    number,
    sourceType: "shared",
    sourceId: `carrier/${key}`,
    tree,
  });
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
