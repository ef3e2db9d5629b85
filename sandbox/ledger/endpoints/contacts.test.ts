import { beforeEach, describe, expect, test } from "vitest";
import { execute } from "../ledger.ts";
import { type Body, invoiceOf, messagesOf, openTestLedger, type TestLedger } from "../testing.ts";

let test_: TestLedger;
beforeEach(() => {
  test_ = openTestLedger();
});
const put = (contact: Record<string, unknown>) => test_.call("PUT", "Contacts", contact);
const post = (contact: Record<string, unknown>) => test_.call("POST", "Contacts", contact);
const ARCHIVED =
  "The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the API.";

describe("a contact", () => {
  test("comes back with two addresses and four phones, blank-filled", () => {
    const [contact] = put({ Name: "Bo", Phones: [{ PhoneType: "MOBILE", PhoneNumber: "555-1212" }] }).body
      .Contacts;
    expect(contact.Addresses.map((one: Body) => one.AddressType)).toEqual(["STREET", "POBOX"]);
    expect(contact.Phones).toEqual([
      { PhoneType: "DEFAULT", PhoneNumber: "", PhoneAreaCode: "", PhoneCountryCode: "" },
      { PhoneType: "DDI", PhoneNumber: "", PhoneAreaCode: "", PhoneCountryCode: "" },
      { PhoneType: "FAX", PhoneNumber: "", PhoneAreaCode: "", PhoneCountryCode: "" },
      { PhoneType: "MOBILE", PhoneNumber: "555-1212", PhoneAreaCode: "", PhoneCountryCode: "" },
    ]);
  });

  test("keys are read whatever their case, and unknown ones are left alone", () => {
    const [contact] = put({ name: "Bo", emailADDRESS: "bo@example.com", Shoe: 43 }).body.Contacts;
    expect(contact).toMatchObject({ Name: "Bo", EmailAddress: "bo@example.com", ContactStatus: "ACTIVE" });
    expect(contact.Shoe).toBeUndefined();
  });

  test("is found by id and by number", () => {
    put({ Name: "Bo", ContactNumber: "M2-000000042" });
    expect(test_.call("GET", "Contacts/M2-000000042").body.Contacts[0].Name).toBe("Bo");
    expect(test_.call("GET", `Contacts/${test_.contactId}`).body.Contacts[0].Balances).toBeDefined();
    expect(test_.call("GET", "Contacts/nobody").status).toBe(404);
  });
});

describe("a name", () => {
  test("is unique among active contacts, whatever its case: PUT fails, POST changes the one that has it", () => {
    const refused = put({ Name: "ann lee" });
    expect(refused.status).toBe(400);
    expect(refused.body.Elements[0]).toMatchObject({
      ContactID: "00000000-0000-0000-0000-000000000000",
      HasValidationErrors: true,
      ValidationErrors: [
        {
          Message:
            "The contact name ann lee is already assigned to another contact. The contact name must be unique across all active contacts.",
        },
      ],
    });
    expect(post({ Name: "Ann Lee", FirstName: "Ann" }).body.Contacts[0]).toMatchObject({
      ContactID: test_.contactId,
      FirstName: "Ann",
    });
  });

  test("may be taken again once its contact is archived", () => {
    post({ ContactID: test_.contactId, ContactStatus: "ARCHIVED" });
    expect(put({ Name: "Ann Lee" }).status).toBe(200);
  });

  test("a number is unique too", () => {
    put({ Name: "Bo", ContactNumber: "C-1" });
    expect(messagesOf(put({ Name: "Cy", ContactNumber: "C-1" }).body)).toEqual([
      "Another contact has this contact number. Please enter a different contact number.",
    ]);
  });
});

describe("a contact is refused for", () => {
  test.each<[string, Record<string, unknown>]>([
    ["Contact Name cannot be empty.", { ContactNumber: "unknown" }],
    ["Email address must be valid.", { Name: "Bo", EmailAddress: "bo@müller.example" }],
    ["Email address must be valid.", { Name: "Bo", ContactPersons: [{ EmailAddress: "bo" }] }],
    ["The Name field is too long. The maximum length is 255.", { Name: "x".repeat(256) }],
    [
      "The AddressLine1 field is too long. The maximum length is 500.",
      { Name: "Bo", Addresses: [{ AddressType: "STREET", AddressLine1: "x".repeat(501) }] },
    ],
    [
      "The PhoneAreaCode field is too long. The maximum length is 10.",
      { Name: "Bo", Phones: [{ PhoneType: "DDI", PhoneAreaCode: "x".repeat(11) }] },
    ],
    [
      "The Country field must contain letters only.",
      { Name: "Bo", Addresses: [{ AddressType: "STREET", Country: "GB1" }] },
    ],
    [
      "A contact can have at most 5 contact persons.",
      { Name: "Bo", ContactPersons: Array(6).fill({ FirstName: "x" }) },
    ],
    [
      "Contact Name must not contain angle brackets or leading, trailing or repeated spaces.",
      { Name: "Bo  Bo" },
    ],
    ["Organisation is not subscribed to currency USD", { Name: "Bo", DefaultCurrency: "USD" }],
  ])("%s", (message, contact) => {
    const { status, body } = put(contact);
    expect(status).toBe(400);
    expect(messagesOf(body)).toEqual([message]);
  });
});

describe("an archived contact", () => {
  beforeEach(() => {
    expect(post({ ContactID: test_.contactId, ContactStatus: "ARCHIVED" }).status).toBe(200);
  });

  test("cannot be edited, not even archived again", () => {
    for (const changes of [{ FirstName: "x" }, { ContactStatus: "ARCHIVED" }, { ContactStatus: "ACTIVE" }]) {
      expect(messagesOf(post({ ContactID: test_.contactId, ...changes }).body)).toEqual([ARCHIVED]);
    }
  });

  test("is hidden unless asked for", () => {
    expect(test_.call("GET", "Contacts").body.Contacts).toEqual([]);
    expect(test_.call("GET", "Contacts?includeArchived=true").body.Contacts).toHaveLength(1);
  });
});

test("on a document, other fields than the id change the contact and drop its persons", () => {
  post({ ContactID: test_.contactId, ContactPersons: [{ FirstName: "Di" }] });
  test_.call("PUT", "Invoices", {
    Type: "ACCREC",
    Contact: { ContactID: test_.contactId, EmailAddress: "new@example.com", ContactPersons: [] },
  });
  const [contact] = test_.call("GET", `Contacts/${test_.contactId}`).body.Contacts;
  expect(contact).toMatchObject({ EmailAddress: "new@example.com", ContactPersons: [], IsCustomer: true });
});

test("a refused document leaves no new contact behind", () => {
  const { status } = test_.call("PUT", "Invoices", {
    Type: "ACCREC",
    Contact: { Name: "Ghost" },
    Status: "AUTHORISED",
  });
  expect(status).toBe(400);
  expect(test_.call("GET", `Contacts?where=${encodeURIComponent('Name=="Ghost"')}`).body.Contacts).toEqual(
    [],
  );
});

describe("a contact that was merged into another", () => {
  const merged = (): { from: string; into: string; invoice: Body } => {
    const [invoice] = test_.call("PUT", "Invoices", invoiceOf(test_.contactId)).body.Invoices;
    const into = put({ Name: "Ann B. Lee" }).body.Contacts[0].ContactID;
    const { status } = execute(test_.ledger, {
      method: "POST",
      resourcePath: `Contacts/${test_.contactId}`,
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.from(JSON.stringify({ MergedToContactID: into })),
      clientId: "bookkeeper",
      isBookkeeper: true,
    });
    expect(status).toBe(200);
    return { from: test_.contactId, into, invoice };
  };

  test("is archived and says where it went, and its documents went along", () => {
    const { from, into, invoice } = merged();
    expect(test_.call("GET", `Contacts/${from}`).body.Contacts[0]).toMatchObject({
      ContactStatus: "ARCHIVED",
      MergedToContactID: into,
    });
    const read = test_.call("GET", `Invoices/${invoice.InvoiceID}`).body.Invoices[0];
    expect(read.Contact.ContactID).toBe(into);
    const paged = test_.call("GET", "Contacts?page=1&includeArchived=true").body.Contacts;
    expect(paged.map((contact: Body) => contact.MergedToContactID)).toContain(into);
    const listed = test_.call("GET", "Contacts?includeArchived=true").body.Contacts;
    expect(listed.map((contact: Body) => contact.MergedToContactID)).toEqual([undefined, undefined]);
  });

  test("takes no new documents", () => {
    const { from } = merged();
    expect(test_.call("PUT", "Invoices", invoiceOf(from)).status).toBe(400);
  });

  test("is not merged by the API: the field is read-only", () => {
    const into = put({ Name: "Bo" }).body.Contacts[0].ContactID;
    const { body } = post({ ContactID: test_.contactId, MergedToContactID: into });
    expect(body.Contacts[0]).toMatchObject({ ContactStatus: "ACTIVE" });
    expect(body.Contacts[0].MergedToContactID).toBeUndefined();
  });
});

describe("contacts are listed", () => {
  test("in pages, by ids, by words and by what they are", () => {
    for (const Name of ["Bo Berg", "Cy Clark", "Di Dunn"])
      put({ Name, ContactNumber: Name.slice(0, 2), EmailAddress: `${Name.slice(0, 2)}@example.com` });
    test_.call("PUT", "Invoices", invoiceOf(test_.contactId));
    const names = (query: string): string[] =>
      test_.call("GET", `Contacts?${query}`).body.Contacts.map(({ Name }: Body) => Name);
    expect(names("page=2&pageSize=3&order=Name")).toEqual(["Di Dunn"]);
    expect(names(`IDs=${test_.contactId}`)).toEqual(["Ann Lee"]);
    expect(names("searchTerm=CLARK")).toEqual(["Cy Clark"]);
    expect(names("searchTerm=di@")).toEqual(["Di Dunn"]);
    expect(names(`where=${encodeURIComponent("IsCustomer==true")}`)).toEqual(["Ann Lee"]);
    expect(names(`where=${encodeURIComponent('ContactNumber!=null AND ContactNumber=="Bo"')}`)).toEqual([
      "Bo Berg",
    ]);
    expect(names(`where=${encodeURIComponent('Name.ToLower()=="bo berg"')}`)).toEqual(["Bo Berg"]);
  });

  test("archiving is allowed with open documents", () => {
    const [invoice] = test_.call("PUT", "Invoices", invoiceOf(test_.contactId)).body.Invoices;
    expect(post({ ContactID: test_.contactId, ContactStatus: "ARCHIVED" }).status).toBe(200);
    expect(test_.call("GET", `Invoices/${invoice.InvoiceID}`).body.Invoices[0].AmountDue).toBe(120);
  });
});
