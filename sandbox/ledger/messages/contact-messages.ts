import { type MessageCase, newInvoice } from "./message-case.ts";

const ARCHIVED = { ContactStatus: "ARCHIVED" } as const;

/** Messages about contacts, and about contacts on documents. */
export const CONTACT_MESSAGES: readonly MessageCase[] = [
  {
    number: 12,
    quote:
      "The contact name X is already assigned to another contact. The contact name must be unique across all active contacts.",
    variables: { X: "ANN lee" },
    provoke: () => ["PUT", "Contacts", { Name: "ANN lee" }],
  },
  {
    number: 13,
    quote: "Another contact has this contact number. Please enter a different contact number.",
    provoke: ({ call }) => {
      call("PUT", "Contacts", { Name: "Bo", ContactNumber: "C-1" });
      return ["PUT", "Contacts", { Name: "Cy", ContactNumber: "C-1" }];
    },
  },
  {
    number: 14,
    quote:
      "The contact with the specified contact details has been archived. The contact must be un-archived before creating new invoices or credit notes.",
    provoke: (ledger) => {
      ledger.call("POST", "Contacts", { ContactID: ledger.contactId, ...ARCHIVED });
      return newInvoice({})(ledger);
    },
  },
  {
    number: 15,
    quote:
      "The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the API.",
    provoke: ({ call, contactId }) => {
      call("POST", "Contacts", { ContactID: contactId, ...ARCHIVED });
      return ["POST", "Contacts", { ContactID: contactId, ...ARCHIVED }];
    },
  },
  {
    number: 16,
    quote: "Contact Name cannot be empty.",
    provoke: () => ["PUT", "Contacts", { FirstName: "Bo" }],
  },
  {
    number: 16,
    quote: "Contact Name cannot be empty.",
    provoke: newInvoice({ Contact: { ContactNumber: "unknown" } }),
  },
  {
    number: 17,
    quote: "Paid to name cannot be empty.",
    provoke: () => [
      "PUT",
      "BankTransactions",
      {
        Type: "SPEND",
        Contact: { Name: "" },
        BankAccount: { Code: "090" },
        LineItems: [{ Description: "Fees", UnitAmount: 5, AccountCode: "404" }],
      },
    ],
  },
  {
    number: 19,
    quote:
      "The Contact must contain at least 1 of the following elements to identify the contact: Name, ContactID, ContactNumber",
    provoke: () => [
      "PUT",
      "BankTransactions",
      {
        Type: "SPEND",
        Contact: {},
        BankAccount: { Code: "090" },
        LineItems: [{ Description: "Fees", UnitAmount: 5, AccountCode: "404" }],
      },
    ],
  },
  {
    number: 20,
    quote: "Email address must be valid.",
    provoke: () => ["PUT", "Contacts", { Name: "Bo", EmailAddress: "bo@müller.example" }],
  },
];
