import { flag, guid, list, oneOf, type Read, record, text } from "../wire/shape.ts";

const addressShape = {
  AddressType: oneOf("AddressType", ["POBOX", "STREET", "DELIVERY"]),
  AddressLine1: text,
  AddressLine2: text,
  AddressLine3: text,
  AddressLine4: text,
  City: text,
  Region: text,
  PostalCode: text,
  Country: text,
  AttentionTo: text,
};

const phoneShape = {
  PhoneType: oneOf("PhoneType", ["DEFAULT", "DDI", "FAX", "MOBILE", "OFFICE"]),
  PhoneNumber: text,
  PhoneAreaCode: text,
  PhoneCountryCode: text,
};

const personShape = { FirstName: text, LastName: text, EmailAddress: text, IncludeInEmails: flag };

export const contactShape = {
  ContactID: guid,
  /** Set at the screen only, where two contacts are merged. */
  MergedToContactID: guid,
  ContactNumber: text,
  AccountNumber: text,
  ContactStatus: oneOf("ContactStatus", ["ACTIVE", "ARCHIVED", "GDPRREQUEST"]),
  Name: text,
  FirstName: text,
  LastName: text,
  CompanyNumber: text,
  EmailAddress: text,
  BankAccountDetails: text,
  TaxNumber: text,
  AccountsReceivableTaxType: text,
  AccountsPayableTaxType: text,
  Addresses: list(addressShape),
  Phones: list(phoneShape),
  ContactPersons: list(personShape),
  DefaultCurrency: text,
  SalesDefaultAccountCode: text,
  PurchasesDefaultAccountCode: text,
};
export type ContactDraft = Read<typeof contactShape>;

export const contactReference = record(contactShape);

/** Maximum lengths (OpenAPI 16.1.0 and facts/xero.md section 4, Contacts). */
export const CONTACT_LENGTHS = {
  Name: 255,
  ContactNumber: 50,
  AccountNumber: 50,
  FirstName: 255,
  LastName: 255,
  CompanyNumber: 50,
  EmailAddress: 255,
  TaxNumber: 50,
} as const;
export const ADDRESS_LENGTHS = {
  AddressLine1: 500,
  AddressLine2: 500,
  AddressLine3: 500,
  AddressLine4: 500,
  City: 255,
  Region: 255,
  PostalCode: 50,
  Country: 50,
  AttentionTo: 255,
} as const;
export const PHONE_LENGTHS = { PhoneNumber: 50, PhoneAreaCode: 10, PhoneCountryCode: 20 } as const;
export const CONTACT_PERSONS_MAX = 5;
export const PHONE_TYPES = ["DEFAULT", "DDI", "FAX", "MOBILE"] as const;
export const ADDRESS_TYPES = ["STREET", "POBOX"] as const;
