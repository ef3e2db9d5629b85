import { type MessageCase, newInvoice, withLine } from "./message-case.ts";

const journalOf = (changes: Record<string, unknown>, credit = -100) => ({
  ManualJournals: [
    {
      Narration: "Fees",
      JournalLines: [
        { LineAmount: 100, AccountCode: "404" },
        { LineAmount: credit, AccountCode: "605" },
      ],
      ...changes,
    },
  ],
});

const REMOVED = "Account code 'X' has been removed as it does not match a recognised account.";
const UNREADABLE = "JSON for post data was invalid, Error converting value";

/** Messages about items, accounts and journals, and about bodies that cannot be read. */
export const OTHER_MESSAGES: readonly MessageCase[] = [
  {
    number: 47,
    quote: "Price List Item with Code 'abc' already exists",
    provoke: ({ call }) => {
      call("PUT", "Items", { Code: "abc" });
      return ["PUT", "Items", { Code: "abc" }];
    },
  },
  {
    number: 48,
    quote: "Please enter a unique Name.",
    isSingle: true,
    provoke: () => ["PUT", "Accounts", { Code: "201", Name: "Sales", Type: "REVENUE" }],
  },
  {
    number: 51,
    quote: "The total debits (100.00) must equal total credits (-10.00)",
    provoke: () => ["PUT", "ManualJournals", journalOf({}, -10)],
  },
  {
    number: 52,
    quote: REMOVED,
    variables: { X: "476" },
    provoke: () => [
      "PUT",
      "ManualJournals",
      journalOf({
        JournalLines: [
          { LineAmount: 100, AccountCode: "476" },
          { LineAmount: -100, AccountCode: "605" },
        ],
      }),
    ],
    envelope: "warning",
  },
  {
    number: 52,
    quote: REMOVED,
    variables: { X: "476" },
    provoke: newInvoice({
      Status: "DRAFT",
      LineItems: [{ Description: "x", UnitAmount: 5, AccountCode: "476" }],
    }),
    envelope: "warning",
  },
  {
    number: 54,
    quote: UNREADABLE,
    text: `${UNREADABLE} "2026-02-30" to type 'System.Nullable\`1[System.DateTime]'. Path 'Date'.`,
    provoke: newInvoice({ Date: "2026-02-30" }),
    envelope: "unreadable",
  },
  {
    number: 54,
    quote: UNREADABLE,
    text: `${UNREADABLE} "many" to type 'System.Nullable\`1[System.Decimal]'. Path 'LineItems[0].Quantity'.`,
    provoke: withLine({ Quantity: "many" }),
    envelope: "unreadable",
  },
  {
    number: 54,
    quote: UNREADABLE,
    text: `${UNREADABLE} "Ann Lee" to type 'an object'. Path 'Contact'.`,
    provoke: newInvoice({ Contact: "Ann Lee" }),
    envelope: "unreadable",
  },
  {
    number: 55,
    quote: "Error converting value \"NO_TAX\" to type 'Xero.API.Library..LineAmountType'. Path '",
    text: "Error converting value \"NO_TAX\" to type 'Xero.API.Library..LineAmountType'. Path 'ManualJournals[0].LineAmountTypes'.",
    provoke: () => ["PUT", "ManualJournals", journalOf({ LineAmountTypes: "NO_TAX" })],
    envelope: "unreadable",
  },
  {
    number: 56,
    quote: "Idempotency Key: K is used with a different request.",
    variables: { K: "order-1" },
    provoke: newInvoice({}),
    envelope: "key",
  },
];
