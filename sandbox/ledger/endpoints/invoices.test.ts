import { beforeEach, describe, expect, test } from "vitest";
import { type Body, invoiceOf, messagesOf, openTestLedger, type TestLedger } from "../testing.ts";

let test_: TestLedger;
beforeEach(() => {
  test_ = openTestLedger();
});

const put = (changes: Record<string, unknown>, query = "") =>
  test_.call("PUT", `Invoices${query}`, invoiceOf(test_.contactId, changes));
const made = (changes: Record<string, unknown> = {}, query = ""): Body => {
  const { status, body } = put(changes, query);
  expect(messagesOf(body)).toEqual([]);
  expect(status).toBe(200);
  return body.Invoices[0];
};
const refusals = (changes: Record<string, unknown>, query = ""): string[] => {
  const { status, body } = put(changes, query);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    ErrorNumber: 10,
    Type: "ValidationException",
    Message: "A validation exception occurred",
  });
  return [...new Set(messagesOf(body))];
};
const line = (changes: Record<string, unknown>) => ({
  LineItems: [{ Description: "A thing", Quantity: 1, UnitAmount: 100, AccountCode: "200", ...changes }],
});

describe("an invoice", () => {
  test("is numbered, taxed by its account's default and open for its total", () => {
    expect(made()).toMatchObject({
      Type: "ACCREC",
      InvoiceNumber: "INV-0001",
      Status: "AUTHORISED",
      LineAmountTypes: "Exclusive",
      Date: "/Date(1795132800000+0000)/",
      DateString: "2026-11-20T00:00:00",
      SubTotal: 100,
      TotalTax: 20,
      Total: 120,
      AmountDue: 120,
      AmountPaid: 0,
      CurrencyCode: "GBP",
      CurrencyRate: 1,
      LineItems: [{ TaxType: "OUTPUT2", TaxAmount: 20, LineAmount: 100, AccountCode: "200" }],
    });
    expect(made().InvoiceNumber).toBe("INV-0002");
  });

  test("a refused create has the zero GUID, and costs no number", () => {
    const { status, body } = put({ ...line({ AccountCode: "999" }) }, "?summarizeErrors=false");
    expect(status).toBe(200);
    expect(body.Status).toBe("OK");
    expect(body.Invoices[0]).toMatchObject({
      InvoiceID: "00000000-0000-0000-0000-000000000000",
      HasErrors: true,
      StatusAttributeString: "ERROR",
      ValidationErrors: [{ Message: "Account code '999' is not a valid code for this document." }],
      LineItems: [
        { ValidationErrors: [{ Message: "Account code '999' is not a valid code for this document." }] },
      ],
    });
    expect(made().InvoiceNumber).toBe("INV-0001");
  });

  test("with components counted by the line and no tax at all", () => {
    expect(made({ LineAmountTypes: "NoTax" })).toMatchObject({
      Total: 100,
      LineItems: [{ TaxType: "NONE", TaxAmount: 0 }],
    });
  });

  test("totals that are sent with a create are ignored when wrong", () => {
    expect(made({ Total: 1, SubTotal: 2, TotalTax: 3 }).Total).toBe(120);
  });

  test("of nothing is paid at once, or not, as the scenario says", () => {
    expect(made(line({ UnitAmount: 0 })).Status).toBe("PAID");
    test_ = openTestLedger({ behaviour: { zeroTotalStatus: "AUTHORISED" } });
    expect(made(line({ UnitAmount: 0 })).Status).toBe("AUTHORISED");
  });

  test("in a foreign currency takes the day rate or the one that is sent", () => {
    expect(made({ CurrencyCode: "EUR", CurrencyRate: 1.1765432 }).CurrencyRate).toBe(1.176543);
    const byDay = made({ CurrencyCode: "EUR" }).CurrencyRate;
    expect(byDay).toBeGreaterThan(1);
    expect(made({ CurrencyCode: "EUR" }).CurrencyRate).toBe(byDay);
    expect(made({ CurrencyRate: 1.5 }).CurrencyRate).toBe(1);
  });
});

describe("an invoice is refused for", () => {
  test.each<[string, Record<string, unknown>]>([
    [
      "The document date cannot be before the period lock date, currently set at 30-Sep-2026",
      { Date: "2026-09-30" },
    ],
    [
      "The document date cannot be before the end of year lock date, currently set at 31-Mar-2026",
      { Date: "2026-03-31" },
    ],
    ["Invoice not of valid status for creation", { Status: "PAID" }],
    ["Invoice not of valid status for creation", { Status: "VOIDED" }],
    ["Invoice Type must be specified", { Type: undefined }],
    ["A Contact must be specified for this type of transaction", { Contact: undefined }],
    ["Contact cannot be empty.", { Contact: {} }],
    ["One or more line items must be specified", { LineItems: undefined }],
    ["DueDate cannot be empty", { DueDate: undefined }],
    ["The description field is mandatory for each line item.", line({ Description: undefined })],
    ["Account code must be specified", line({ AccountCode: undefined, TaxType: "OUTPUT2" })],
    ["Account code '999' is not a valid code for this document.", line({ AccountCode: "999" })],
    ["Account code '090' is not a valid code for this document.", line({ AccountCode: "090" })],
    ["Account code '610' is not a valid code for this document.", line({ AccountCode: "610" })],
    [
      "Account code '260' has been archived, or has been deleted. Each line item must reference a valid account.",
      line({ AccountCode: "260" }),
    ],
    [
      "The TaxType code 20% (VAT on Income) does not exist or cannot be used for this type of transaction.",
      line({ TaxType: "20% (VAT on Income)" }),
    ],
    ["The TaxType code 'INPUT2' cannot be used with account code '200'.", line({ TaxType: "INPUT2" })],
    ["Organisation is not subscribed to currency USD", { CurrencyCode: "USD" }],
    ["Url must be a valid absolute url", { Url: "shop/orders/1" }],
    ["Url must be a valid absolute url", { Url: "https://xero.example.com/orders/1" }],
    ["The total for this document must not be less than zero.", line({ UnitAmount: -5 })],
    [
      "The quantity value '-1.0000' is invalid. Quantity must not be less than zero.",
      line({ Quantity: -1, UnitAmount: -100 }),
    ],
    [
      "Discounts may not be applied to ACCPAY invoices.",
      { Type: "ACCPAY", ...line({ AccountCode: "404", DiscountRate: 5 }) },
    ],
    [
      "The Tracking Category or Option 'Fax' could not be found.",
      line({ Tracking: [{ Name: "Channel", Option: "Fax" }] }),
    ],
    ["Item code 'NOPE' is not valid", line({ ItemCode: "NOPE" })],
    [
      "The Description field is too long. The maximum length is 4000.",
      line({ Description: "x".repeat(4001) }),
    ],
    ["The InvoiceNumber field is too long. The maximum length is 255.", { InvoiceNumber: "x".repeat(256) }],
    ["The Reference field is too long. The maximum length is 255.", { Reference: "x".repeat(256) }],
    [
      "The contact with the specified ContactID could not be found.".replace("contact", "Contact"),
      {
        Contact: { ContactID: "11111111-1111-4111-8111-111111111111" },
      },
    ],
  ])("%s", (message, changes) => {
    test_ = openTestLedger({ periodLockDate: "2026-09-30", endOfYearLockDate: "2026-03-31" });
    expect(refusals(changes)).toEqual([message]);
  });

  test("a number that another one has, whatever its case, also of a voided one", () => {
    const first = made({ InvoiceNumber: "M-100" });
    expect(refusals({ InvoiceNumber: "m-100" })).toEqual(["Invoice # must be unique."]);
    test_.call("POST", `Invoices/${first.InvoiceID}`, { Status: "VOIDED" });
    expect(refusals({ InvoiceNumber: "M-100" })).toEqual(["Invoice # must be unique."]);
  });

  test("an archived contact", () => {
    test_.call("POST", "Contacts", { ContactID: test_.contactId, ContactStatus: "ARCHIVED" });
    expect(refusals({})).toEqual([
      "The contact with the specified contact details has been archived. The contact must be un-archived before creating new invoices or credit notes.",
    ]);
  });

  test("a price below a cent with a misleading message, on the line alone", () => {
    const { body } = put(line({ UnitAmount: 0.004 }));
    expect(body.Elements[0].ValidationErrors).toEqual([]);
    expect(body.Elements[0].LineItems[0].ValidationErrors).toEqual([
      { Message: "Account must be valid." },
      { Message: "Tax rate must be valid." },
    ]);
  });

  test("a TaxAmount beyond the scenario's limit", () => {
    expect(made(line({ TaxAmount: 25 })).TotalTax).toBe(25);
    test_ = openTestLedger({ behaviour: { taxOverrideLimit: 0.05 } });
    expect(made(line({ TaxAmount: 20.05 })).TotalTax).toBe(20.05);
    expect(refusals(line({ TaxAmount: 20.06 }))).toEqual([
      "Tax amount 20.06 is incorrect for OUTPUT2 tax type, should be 20.00",
    ]);
    test_ = openTestLedger({ behaviour: { taxOverrideLimit: 0 } });
    expect(refusals(line({ TaxAmount: 20.01 }))).toHaveLength(1);
  });

  test("the plan's limit of approved invoices", () => {
    test_ = openTestLedger({ approvedInvoiceLimit: 1 });
    made();
    expect(refusals({})).toEqual(["You have reached the limit of invoices you can approve"]);
    expect(made({ Status: "DRAFT" }).Status).toBe("DRAFT");
  });

  test("all that is wrong with it at once", () => {
    expect(
      refusals({
        CurrencyCode: "USD",
        DueDate: undefined,
        ...line({ AccountCode: "999", Description: undefined }),
      }),
    ).toHaveLength(4);
  });
});

describe("a draft", () => {
  const draft = { Status: "DRAFT", DueDate: undefined };
  test("may lack what an approved one must have", () => {
    expect(made({ ...draft, LineItems: undefined })).toMatchObject({
      Status: "DRAFT",
      Total: 0,
      LineItems: [],
    });
    expect(made({ ...draft, ...line({ Description: undefined, AccountCode: undefined }) }).Total).toBe(100);
  });

  test("is saved without an account it names wrongly, with a warning", () => {
    const { body } = put({ ...draft, ...line({ AccountCode: "999" }) }, "?summarizeErrors=false");
    expect(body.Invoices[0]).toMatchObject({
      StatusAttributeString: "WARNING",
      Warnings: [
        { Message: "Account code '999' has been removed as it does not match a recognised account." },
      ],
    });
    expect(body.Invoices[0].LineItems[0].AccountCode).toBeUndefined();
  });
});

describe("a body is refused with", () => {
  test.each<[number, string, unknown]>([
    [
      14,
      "Error converting value \"POSTED\" to type 'Xero.API.Library..InvoiceStatus'. Path 'Invoices[0].Status'.",
      { Invoices: [{ Status: "POSTED" }] },
    ],
    [
      14,
      "JSON for post data was invalid, Error converting value \"x\" to type 'System.Nullable`1[System.Decimal]'. Path 'Invoices[0].LineItems[0].Quantity'.",
      { Invoices: [{ LineItems: [{ Quantity: "x" }] }] },
    ],
    [
      14,
      "JSON for post data was invalid, Error converting value \"2026-02-30\" to type 'System.Nullable`1[System.DateTime]'. Path 'Date'.",
      { Date: "2026-02-30" },
    ],
    [
      17,
      "No data has been processed for this endpoint. This endpoint is expecting Invoice data to be specifed in the request body.",
      {},
    ],
  ])("ErrorNumber %i", (number, message, body) => {
    const answer = test_.call("PUT", "Invoices", body);
    expect(answer).toMatchObject({ status: 400, body: { ErrorNumber: number, Message: message } });
    expect(answer.body.Elements).toBeUndefined();
  });

  test("ErrorNumber 14 when it is no JSON", () => {
    expect(test_.call("PUT", "Invoices", "{").body).toMatchObject({
      ErrorNumber: 14,
      Type: "PostDataInvalidException",
    });
  });

  test("ErrorNumber 16 for a bad where", () => {
    expect(test_.call("GET", `Invoices?where=${encodeURIComponent('Total=="1"')}`)).toMatchObject({
      status: 400,
      body: { ErrorNumber: 16, Type: "QueryParseException" },
    });
  });

  test("ErrorNumber 20 for a method that is none", () => {
    expect(test_.call("DELETE", "Invoices/x")).toMatchObject({ status: 501, body: { ErrorNumber: 20 } });
    expect(test_.call("GET", "Quotes")).toMatchObject({ status: 501 });
    expect(test_.call("GET", "Nothing").status).toBe(404);
  });
});

describe("reading", () => {
  test("the unpaged list has no lines and only the contact's name; a page and one by id have all", () => {
    const { InvoiceID } = made();
    const [bare] = test_.call("GET", "Invoices").body.Invoices;
    expect(bare.LineItems).toEqual([]);
    expect(bare.Contact.ContactStatus).toBeUndefined();
    for (const path of [
      "Invoices?page=1",
      "Invoices?Statuses=AUTHORISED",
      `Invoices/${InvoiceID}`,
      "Invoices/INV-0001",
    ]) {
      expect(test_.call("GET", path).body.Invoices[0].LineItems).toHaveLength(1);
    }
    const summary = test_.call("GET", "Invoices?summaryOnly=true").body;
    expect(summary.pagination.itemCount).toBe(1);
    expect(summary.Invoices[0].Payments).toBeUndefined();
  });

  test("shows unit prices with two decimals unless unitdp=4", () => {
    const { InvoiceID } = made(line({ UnitAmount: 1.2345, Quantity: 100 }), "?unitdp=4");
    expect(test_.call("GET", `Invoices/${InvoiceID}`).body.Invoices[0].LineItems[0]).toMatchObject({
      UnitAmount: 1.23,
      LineAmount: 123.45,
    });
    expect(test_.call("GET", `Invoices/${InvoiceID}?unitdp=4`).body.Invoices[0].LineItems[0].UnitAmount).toBe(
      1.2345,
    );
  });

  test("by lists of numbers, ids, contacts and words", () => {
    made({ InvoiceNumber: "M-1", Reference: "order 77" });
    made({ InvoiceNumber: "M-2" });
    const numbers = (query: string) =>
      test_.call("GET", `Invoices?${query}`).body.Invoices.map((row: Body) => row.InvoiceNumber);
    expect(numbers("InvoiceNumbers=M-2,M-9")).toEqual(["M-2"]);
    expect(numbers(`ContactIDs=${test_.contactId}&order=InvoiceNumber%20DESC`)).toEqual(["M-2", "M-1"]);
    expect(numbers("searchTerm=ORDER")).toEqual(["M-1"]);
    expect(numbers("createdByMyApp=true")).toEqual(["M-1", "M-2"]);
    expect(numbers(`where=${encodeURIComponent('Reference.Contains("77") AND AmountDue>0')}`)).toEqual([
      "M-1",
    ]);
  });
});

test("a bill has no Reference, and a rate that is upside down has a warning", () => {
  const bill = { Type: "ACCPAY", Reference: "gone", ...line({ AccountCode: "404" }) };
  expect(made(bill).Reference).toBe("");
  const { body } = put({ CurrencyCode: "EUR", CurrencyRate: 0.85 }, "?summarizeErrors=false");
  expect(body.Invoices[0]).toMatchObject({ StatusAttributeString: "WARNING", CurrencyRate: 0.85 });
});
