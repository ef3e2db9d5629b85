import { expect } from "vitest";
import { toContacts } from "../../engine/adapters/xero/bodies.ts";
import { toLedgerDocument } from "../../engine/adapters/xero/documents.ts";
import type { DocumentPlan } from "../../engine/core/plan.ts";
import { withTables } from "../../engine/core/testing.ts";
import type { LedgerDocument } from "../../engine/ports.ts";
import { contactDiffers, mergedContact } from "../../engine/sync/adopt.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { type Books, endChapter, scenario } from "./harness.ts";
import { SPEC } from "./organisation.ts";
import { CARD_ORDER, only } from "./rules.ts";
import { invoiceNumbered } from "./seen.ts";
import type { StoreOrder } from "./store.ts";

/** The card order again, with a number of its own. */
const order = (id: number, more: Partial<StoreOrder> = {}): StoreOrder => ({
  ...CARD_ORDER,
  id,
  number: `100000${id}`,
  ...more,
});

/** All but the test ledger's own. */
const contactsOf = (ledger: Books): Body[] =>
  ledger
    .call("GET", "Contacts?page=1&includeArchived=true")
    .Contacts.filter(({ ContactNumber }: Body) => ContactNumber !== undefined);

const contactOf = (plan: DocumentPlan) => plan.documents.find(({ resource }) => resource === "Contacts");
const debtor = (ledger: Books, id: number): string =>
  invoiceNumbered(ledger, `100000${id}`).Contact.ContactID;

scenario(
  "CUST-01",
  "Guest checkout",
  "Guests: jane@x.example twice, once spelt Jane@X.example, and another Jane Doe with another address.",
  ({ books, says }) => {
    const guests = [
      order(501, { customerId: null, email: "jane@x.example" }),
      order(502, { customerId: null, email: " Jane@X.example" }),
      order(503, { customerId: null, email: "jane@y.example" }),
    ];
    const ledger = books();
    for (const guest of guests) ledger.post(guest);
    says("the key is the e-mail address, however it is spelt", () => {
      expect(debtor(ledger, 502)).toBe(debtor(ledger, 501));
      expect(debtor(ledger, 503)).not.toBe(debtor(ledger, 501));
    });
    const namesOf = (one: Books) => contactsOf(one).map(({ Name, ContactNumber }) => [ContactNumber, Name]);
    const backwards = books();
    for (const guest of [...guests].reverse()) backwards.post(guest);
    says("name collisions are resolved by the key in the name, whoever comes first", () => {
      expect(namesOf(ledger).every(([number, name]) => name === `Jane Doe (${number})`)).toBe(true);
      expect(namesOf(backwards).sort()).toEqual(namesOf(ledger).sort());
    });
    const shared = only({ kind: "perCustomer" }, [
      [{ op: "isTrue", fact: "order.guest" }],
      { kind: "sharedContact", name: "Web guests UK" },
    ]);
    const together = books({ spec: withTables(SPEC, { contact: shared }) });
    for (const one of [...guests, order(504)]) together.post(one);
    says("by setting, guests are one contact and customers their own", () => {
      expect(contactsOf(together).map(({ Name }) => Name)).toEqual(["Web guests UK", "Jane Doe (M2-C77)"]);
      expect(debtor(together, 503)).toBe(debtor(together, 501));
    });
  },
);

scenario(
  "CUST-02",
  "Same e-mail, different names",
  "A family's mailbox: Ann Lee orders as a guest, then Tom Lee, then Ann again.",
  ({ books, says }) => {
    const ledger = books();
    const by = (id: number, first: string) =>
      ledger.post(order(id, { customerId: null, email: "lee@x.example", name: [first, "Lee"] }));
    by(501, "Ann");
    const [first] = contactsOf(ledger);
    by(502, "Tom");
    by(503, "Ann");
    says("the contact count is 1", () => {
      expect(contactsOf(ledger)).toHaveLength(1);
      expect([502, 503].map((id) => debtor(ledger, id))).toEqual([first.ContactID, first.ContactID]);
    });
    says("the name is that of the first order and is not flipped by the others", () =>
      expect(contactsOf(ledger)[0]).toEqual(first),
    );
    says("each invoice is there with its amount", () =>
      expect([501, 502, 503].map((id) => invoiceNumbered(ledger, `100000${id}`).Total)).toEqual([
        65.88, 65.88, 65.88,
      ]),
    );
  },
);

scenario(
  "CUST-03",
  "Same name, different people",
  "Two registered customers, 77 and 78, both called Jane Doe.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post(order(501));
    ledger.post(order(502, { customerId: 78, email: "other.jane@x.example" }));
    const contacts = contactsOf(ledger);
    says("2 contacts, each with the debt of its own", () => {
      expect(contacts.map(({ ContactNumber }) => ContactNumber)).toEqual(["M2-C77", "M2-C78"]);
      expect(debtor(ledger, 501)).not.toBe(debtor(ledger, 502));
    });
    says("unique active names", () => expect(new Set(contacts.map(({ Name }) => Name)).size).toBe(2));
    const bare = { ...SPEC, fields: { ...SPEC.fields, contactName: "{customer.name}" } };
    const named = books({ spec: bare });
    named.post(order(501));
    says(
      "a template without the number is refused by the ledger for the second; they are never merged",
      () => {
        expect(() => named.post(order(502, { customerId: 78 }))).toThrow(
          /already assigned to another contact/,
        );
        expect(contactsOf(named)).toHaveLength(1);
      },
    );
  },
);

const acme = (vat: string, first: string) => ({
  name: [first, "Muster"] as const,
  email: `${first.toLowerCase()}@acme.example`,
  more: {
    billing_address: {
      firstname: first,
      lastname: "Muster",
      company: "Acme GmbH",
      vat_id: vat,
      vat_is_valid: 1,
      street: ["Hauptstr. 1"],
      city: "Berlin",
      postcode: "10115",
      country_id: "GB",
    },
  },
});

scenario(
  "CUST-04",
  "B2B company + VAT number",
  "Three buyers of Acme GmbH, whose VAT number they write DE811128135, DE 811 128 135 and de811128135; and a consumer.",
  ({ books, says }) => {
    const spec = withTables(SPEC, {
      contact: only({ kind: "perCompany" }),
      terms: only({ kind: "terms", days: 0, from: "invoiceDate" }, [
        [{ op: "isTrue", fact: "order.business" }],
        { kind: "terms", days: 30, from: "invoiceDate" },
      ]),
    });
    const ledger = books({ spec });
    ledger.post(order(501, { customerId: 81, ...acme("DE811128135", "Eva") }));
    ledger.post(order(504));
    ledger.post(order(502, { customerId: 82, ...acme("DE 811 128 135", "Max") }));
    ledger.post(order(503, { customerId: 83, ...acme("de811128135", "Ina") }));
    const [company, ...others] = contactsOf(ledger);
    says("the invoices of 3 buyers of one company have 1 contact", () =>
      expect([501, 502, 503].map((id) => debtor(ledger, id))).toEqual(Array(3).fill(company.ContactID)),
    );
    says("it has the company's name and VAT number, and the person who bought first", () =>
      expect(company).toMatchObject({
        Name: "Acme GmbH",
        ContactNumber: "M2-VDE811128135",
        TaxNumber: "DE811128135",
        FirstName: "Eva",
        LastName: "Muster",
      }),
    );
    says("a consumer is a contact of his own, by the same rule", () => {
      expect(others.map(({ ContactNumber }) => ContactNumber)).toEqual(["M2-C77"]);
      expect(debtor(ledger, 504)).toBe(others[0].ContactID);
    });
    says("business customers have their terms", () => {
      const due = [501, 504].map((id) => invoiceNumbered(ledger, `100000${id}`).DueDateString);
      expect(due).toEqual(["2026-06-03T00:00:00", "2026-05-04T00:00:00"]);
    });
    const receiver = { ...acme("DE811128135", "Eva").more.billing_address, firstname: "Kim" };
    const sent = { shipping_assignments: [{ shipping: { method: "x", address: receiver }, items: [] }] };
    const named = books({ spec });
    const planned = named.post(
      order(501, { customerId: 81, ...acme("DE811128135", "Eva"), extension: sent }),
    );
    // What would be lost on the way to the ledger is refused here.
    toContacts([contactOf(planned)?.body ?? {}]);
    says("the people that the order names are contact persons, at most 5; a person is one once", () =>
      expect(contactsOf(named)[0].ContactPersons).toMatchObject([
        { FirstName: "Eva", LastName: "Muster", EmailAddress: "eva@acme.example" },
        { FirstName: "Kim", LastName: "Muster" },
      ]),
    );
    const byName = books({ spec });
    byName.post(order(501, { customerId: 81, ...acme("", "Eva") }));
    byName.post(order(502, { customerId: 82, ...acme("", "Max") }));
    says("without a VAT number the company's name is the key", () =>
      expect(contactsOf(byName).map(({ ContactNumber }) => ContactNumber)).toEqual([
        expect.stringMatching(/^M2-Nacme-gmbh~[0-9a-f]{8}$/),
      ]),
    );
  },
);

scenario(
  "CUST-05",
  "Changed e-mail",
  "Customer 77 orders, changes the e-mail address, and orders again.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post(order(501, { email: "old@x.example" }));
    const plan = ledger.post(order(502, { email: "new@x.example" }));
    says("the ContactID is stable: the number M2-C77 is the key", () => {
      expect(debtor(ledger, 502)).toBe(debtor(ledger, 501));
      expect(contactsOf(ledger).map(({ ContactNumber }) => ContactNumber)).toEqual(["M2-C77"]);
      expect(contactOf(plan)?.lookup).toEqual({ by: "ContactNumber", value: "M2-C77" });
    });
    says("a contact that the ledger has already is adopted by that number, whatever its address", () => {
      const fresh = books().plan(order(503, { email: "third@x.example" }));
      const body = fresh.ok ? contactOf(fresh.value)?.body : undefined;
      expect(contactDiffers(body ?? null, asFound(ledger))).toBeUndefined();
    });
  },
);

/** The contact M2-C77 as the ledger adapter reads it. */
function asFound(ledger: Books): LedgerDocument {
  const document = toLedgerDocument(
    "Contacts",
    contactsOf(ledger).find(({ ContactNumber }) => ContactNumber === "M2-C77"),
  );
  if (document === undefined) throw new Error("no such contact");
  return document;
}

scenario(
  "CUST-06",
  "Archived contact",
  "Somebody archives the contact of customer 77 in Xero; then the customer orders again.",
  ({ books, says }) => {
    const ledger = books();
    const plan = ledger.post(order(501));
    const body = contactOf(plan)?.body ?? {};
    ledger.call("POST", `Contacts/${debtor(ledger, 501)}`, { ContactStatus: "ARCHIVED" });
    const found = asFound(ledger);
    says("the order waits for a person, who is told to restore it", () => {
      const held = contactDiffers(body, found);
      expect(held?.hold).toBe("contactArchived");
      expect(held?.action).toMatch(/Restore/);
    });
    says(
      "no duplicate is created: the ledger refuses the number, and an invoice to the archived contact",
      () => {
        expect(() => ledger.call("PUT", "Contacts", body)).toThrow();
        expect(() => ledger.post(order(502))).toThrow(/archived/);
        expect(contactsOf(ledger)).toHaveLength(1);
      },
    );
  },
);

scenario(
  "CUST-07",
  "Merged contact in Xero",
  "Somebody merges the contact of customer 77 into another one.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post(order(501));
    const before = debtor(ledger, 501);
    const [into] = ledger.call("PUT", "Contacts", { Name: "Jane B. Doe", ContactNumber: "CRM-9" }).Contacts;
    ledger.correct(`Contacts/${before}`, { MergedToContactID: into.ContactID });
    const found = asFound(ledger);
    says("the look-up follows the merge: our number is the other contact from then on", () => {
      expect(found).toMatchObject({ id: before, mergedTo: into.ContactID, status: "ARCHIVED" });
      expect(mergedContact(found)).toMatchObject({ id: into.ContactID, number: "M2-C77", status: "ACTIVE" });
      expect(mergedContact({ ...found, mergedTo: undefined } as never)).toBeUndefined();
    });
    says("the ledger takes an invoice to the one, and none to the other; no contact is created", () => {
      const invoice = (ContactID: string) => ({ Type: "ACCREC", Contact: { ContactID } });
      expect(() => ledger.call("PUT", "Invoices", invoice(before))).toThrow();
      const [made] = ledger.call("PUT", "Invoices", invoice(into.ContactID)).Invoices;
      expect(made.Contact.ContactID).toBe(into.ContactID);
      expect(contactsOf(ledger)).toHaveLength(2);
    });
  },
);

const ERASED = {
  customer_email: null,
  customer_firstname: null,
  customer_lastname: null,
  billing_address: { street: ["-"], city: "-", country_id: "GB", telephone: "0" },
};

scenario(
  "CUST-08",
  "GDPR erasure",
  "Customer 77 is anonymised in the store after an order; the order is read again, and another one is placed under the same id.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post(order(501));
    const before = ledger.invoice();
    ledger.post(order(501, { more: ERASED }));
    says("the invoice is kept with its totals, and nothing is posted again", () => {
      expect(ledger.invoice()).toEqual(before);
      expect(ledger.call("GET", "Invoices").Invoices).toHaveLength(1);
    });
    const fresh = books();
    const plan = fresh.post(order(502, { more: ERASED }));
    says(
      "a sale of the anonymised customer has the same contact number, without e-mail address and telephone",
      () => {
        expect(contactOf(plan)?.identity).toMatchObject({ sourceType: "customer", sourceId: "C77" });
        const [contact] = contactsOf(fresh);
        expect([contact.ContactNumber, contact.Name, contact.EmailAddress]).toEqual([
          "M2-C77",
          "Customer (M2-C77)",
          "",
        ]);
        expect(contact.Phones.map(({ PhoneNumber }: Body) => PhoneNumber)).toEqual(["", "", "", ""]);
      },
    );
    says(
      "its amounts are those of any other sale (the tombstone for data that we keep ourselves is a later issue)",
      () => expect([fresh.invoice().Total, fresh.invoice().TotalTax]).toEqual([65.88, 10.98]),
    );
    says("no telephone number is ever sent, of anybody", () =>
      expect(contactsOf(ledger)[0].Phones.map(({ PhoneNumber }: Body) => PhoneNumber)).toEqual([
        "",
        "",
        "",
        "",
      ]),
    );
  },
);

scenario(
  "CUST-09",
  "Customer deleted, tax id invalidated later, address with 300 characters, umlaut e-mail",
  "The customer's account is gone; six address lines of 600 characters, a postcode of 60, jörg@müller.example, a VAT number that is no longer valid.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post(
      order(501, {
        customerId: null,
        email: "jörg@müller.example",
        name: ["Jörg", "Müller"],
        more: {
          customer_is_guest: 0,
          billing_address: {
            firstname: "Jörg",
            lastname: "Müller",
            street: Array.from({ length: 6 }, (_, index) => `${index} ${"x".repeat(600)}`),
            city: "y".repeat(300),
            region: { region: "z".repeat(300) },
            postcode: "1".repeat(60),
            country_id: "GB",
            vat_id: "GB123456789",
            vat_is_valid: 0,
          },
        },
      }),
    );
    const [contact] = contactsOf(ledger);
    const address = contact.Addresses.find(({ AddressType }: Body) => AddressType === "POBOX");
    says(
      "posting never fails for decoration: what is too long is cut, what the ledger refuses is left out",
      () => {
        expect(ledger.invoice().Total).toBe(65.88);
        expect([address.AddressLine1.length, address.AddressLine4.length, address.PostalCode.length]).toEqual(
          [500, 500, 50],
        );
        expect([address.City.length, contact.EmailAddress]).toEqual([255, ""]);
      },
    );
    says("the facts for tax are kept: the VAT number, the country and the tax that was charged", () => {
      expect([contact.TaxNumber, address.Country]).toEqual(["GB123456789", "GB"]);
      expect(ledger.invoice().TotalTax).toBe(10.98);
    });
    says("without an account the customer is a guest, by the e-mail address all the same", () =>
      expect(contact.ContactNumber).toMatch(/^M2-G[0-9a-f]{12}$/),
    );
  },
);

endChapter("07-customers", "Customers");
