/** The contact of a company: its key, and whom of its people it names. */
import { expect, test } from "vitest";
import { planContact } from "./plan-contact.ts";
import type { Address, CanonicalSale } from "./sale.ts";
import { orgGb, saleGb, specGb, withTables } from "./testing.ts";

const spec = withTables(specGb, { contact: { rules: [], otherwise: { kind: "perCompany" } } });

function contactOf(billing: Partial<Address>, change: Partial<CanonicalSale> = {}) {
  const sale = { ...saleGb, ...change, billing: saleGb.billing && { ...saleGb.billing, ...billing } };
  const contact = planContact({ sale, spec, org: orgGb });
  if (!contact.ok) throw new Error(contact.error.detail);
  return contact.value;
}

const keyOf = (billing: Partial<Address>) => contactOf(billing).identity.sourceId;

test("a company is its VAT number, however it is spaced and whatever its name", () => {
  expect(keyOf({ company: "Acme", vatId: "gb 123-456.789" })).toBe("VGB123456789");
  expect(keyOf({ company: "Acme Ltd", vatId: "GB123456789" })).toBe("VGB123456789");
});

test("without a VAT number it is its name, and two names never have one key", () => {
  const names = ["Acme", "Acme Ltd", "C&A", "C A", "Müller", "Muller", "X".repeat(200), "X".repeat(201)];
  const keys = names.map((company) => keyOf({ company }));
  expect(new Set(keys).size).toBe(names.length);
  expect(keyOf({ company: "  ACME  ltd" })).toBe(keyOf({ company: "Acme Ltd" }));
});

test("its number has at most 50 characters and finds it again", () => {
  const { lookup, body } = contactOf({ company: "Ü".repeat(255) });
  expect(String(body.ContactNumber).length).toBeLessThanOrEqual(50);
  expect(lookup).toEqual({ by: "ContactNumber", value: body.ContactNumber });
});

test("a VAT number alone is a company with the name that the template gives", () => {
  expect(contactOf({ vatId: "GB1" }).body).toMatchObject({ Name: "Ada Example (M2-VGB1)", TaxNumber: "GB1" });
});

test("who buys for nobody is a customer as ever", () => {
  const consumer = contactOf({ company: " " });
  expect([consumer.identity.sourceType, consumer.body.ContactPersons]).toEqual(["customer", undefined]);
});

test("a person is named once; who only receives is named when the parcel goes to the company", () => {
  const acme = { company: "Acme" };
  const shipTo = (company: string | null) => ({
    shipTo: saleGb.billing && { ...saleGb.billing, company, firstName: "Bo" },
  });
  const personsOf = (company: string | null) => contactOf(acme, shipTo(company)).body.ContactPersons;
  const ada = { FirstName: "Ada", LastName: "Example", EmailAddress: "ada@example.com" };
  expect(personsOf("Acme")).toEqual([ada, { FirstName: "Bo", LastName: "Example" }]);
  expect(personsOf(null)).toEqual([ada]);
});
