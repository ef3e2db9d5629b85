import type { Address } from "./order-json.ts";

/** Invented customers; every name says that it is one, and every address ends in example.com. */
export type Person = { firstname: string; lastname: string; company?: string; taxvat?: string };

export const PEOPLE: readonly [Person, ...Person[]] = [
  { firstname: "Ada", lastname: "Example" },
  { firstname: "Bertram", lastname: "Sampleton" },
  { firstname: "Clover", lastname: "Testwell" },
  { firstname: "Dorian", lastname: "Mockford" },
  { firstname: "Elspeth", lastname: "Placeholder" },
  { firstname: "Fergus", lastname: "Fictitious" },
  { firstname: "Greta", lastname: "Dummyson" },
  { firstname: "Hilda", lastname: "Specimen" },
  { firstname: "Ivo", lastname: "Madeup", company: "Madeup Cafés Ltd", taxvat: "GB999999973" },
  { firstname: "Juno", lastname: "Notreal", company: "Notreal Stores GmbH", taxvat: "DE999999999" },
];

export const emailOf = (person: Person): string =>
  `${person.firstname}.${person.lastname}@example.com`.toLowerCase();

export type Place = Omit<Address, "firstname" | "lastname">;

const PLACES: Record<string, Place> = {
  GB: {
    street: ["7 Example Lane"],
    city: "Sampleham",
    postcode: "ZZ1 1ZZ",
    country: "GB",
    telephone: "01632 960001",
  },
  DE: {
    street: ["Musterstraße 12"],
    city: "Musterstadt",
    postcode: "12345",
    country: "DE",
    telephone: "+49 30 23125 001",
  },
  FR: {
    street: ["1 rue de l'Exemple"],
    city: "Exempleville",
    postcode: "75000",
    country: "FR",
    telephone: "+33 1 99 00 00 01",
  },
  IE: {
    street: ["3 Sample Quay"],
    city: "Testbridge",
    postcode: "D02 X000",
    country: "IE",
    telephone: "+353 20 910 0001",
  },
  US: {
    street: ["100 Example Avenue"],
    city: "Sampleton",
    region: { name: "Virginia", code: "VA", id: 61 },
    postcode: "23219",
    country: "US",
    telephone: "555-0100",
  },
};

/** An address in a country; a country without one of its own gets a plain one. */
export const addressIn = (country: string): Place =>
  PLACES[country] ?? {
    street: ["1 Example Street"],
    city: "Sample City",
    postcode: "00000",
    country,
    telephone: "555-0199",
  };
