import { expect, test } from "vitest";
import type { DocumentError } from "../ports.ts";
import { refusalOf } from "./refusals.ts";

/** Texts of facts/xero.md section 7 with their class. */
const MESSAGES: readonly (readonly [DocumentError["kind"], string])[] = [
  ["mapping", "Account code '999' is not a valid code for this document."],
  [
    "mapping",
    "Account code '499' has been archived, or has been deleted. Each line item must reference a valid account.",
  ],
  ["lock", "The document date cannot be before the end of year lock date, currently set at 31-Jul-2013"],
  ["lock", "The document date cannot be before the period lock date, currently set at 30-Sep-2026"],
  ["mapping", "The TaxType code OUTPUT9 does not exist or cannot be used for this type of transaction."],
  ["mapping", "The TaxType code 'INPUT2' cannot be used with account code '200'."],
  ["mapping", "The TaxType field is mandatory"],
  ["mapping", "Account code must be specified"],
  ["mapping", "Account must be valid."],
  ["mapping", "Tax rate must be valid."],
  ["duplicate", "Invoice # must be unique."],
  [
    "duplicate",
    "The contact name Ada is already assigned to another contact. The contact name must be unique across all active contacts.",
  ],
  ["duplicate", "Another contact has this contact number. Please enter a different contact number."],
  [
    "state",
    "The contact with the specified contact details has been archived. The contact must be un-archived before creating new invoices or credit notes.",
  ],
  ["state", "Invoice not of valid status for creation"],
  ["state", "This document cannot be edited as it has a payment or credit note allocated to it."],
  ["maths", "The line total 10.00 does not match the expected line total 10.01"],
  ["maths", "The document total does not equal the sum of the lines."],
  ["maths", "The discount rate '120' is invalid. Discount must not be greater than the line total."],
  ["maths", "The quantity value '-1.0000' is invalid. Quantity must not be less than zero."],
  ["maths", "Tax amount 52.23 is incorrect for INPUT2 tax type, should be 52.28"],
  ["state", "Payment amount exceeds the amount outstanding on this document"],
  ["state", "Payments can only be made against Authorised documents"],
  ["mapping", "You must specify an Account code or Account ID for the payment."],
  ["mapping", "Account type is invalid for making a payment to/from"],
  ["state", "The invoice you are trying to allocate to has already been paid off"],
  ["mapping", "Organisation is not subscribed to currency XXX"],
  ["duplicate", "Price List Item with Code 'abc' already exists"],
  ["mapping", "You have reached the limit of invoices you can approve"],
  ["shape", "JSON for post data was invalid, Error converting value"],
  ["shape", "Idempotency Key: K is used with a different request."],
  ["other", "Email address must be valid."],
];

test.each(MESSAGES)("%s: %s", (kind, message) => {
  expect(refusalOf([message])).toEqual({ kind, messages: [message] });
});

test("the class that asks for the least from a person wins when there are several messages", () => {
  const messages = ["Account code '999' is not a valid code for this document.", "Invoice # must be unique."];
  expect(refusalOf(messages).kind).toBe("duplicate");
});

test("without any message the class is other", () => {
  expect(refusalOf([]).kind).toBe("other");
});
