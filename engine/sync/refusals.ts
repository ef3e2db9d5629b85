/** The ledger's own words -> the class by which a refusal is repaired (facts/xero.md section 7). */
import type { DocumentError } from "../ports.ts";

/** In this order: "Tax amount 52.23 is incorrect for INPUT2 tax type" is arithmetic of ours, not a wrong tax type. */
const CLASSES: readonly (readonly [DocumentError["kind"], RegExp])[] = [
  [
    "duplicate",
    /must be unique|already assigned to another contact|another contact has this contact number|already exists/i,
  ],
  ["lock", /lock date/i],
  [
    "maths",
    /does not match the expected line total|does not equal the sum of the lines|discount rate|quantity value|is incorrect for .* tax type/i,
  ],
  [
    "state",
    /not of valid status|payment or credit notes? allocated|amount outstanding|authorised documents|already been paid off|greater than amount|has been archived\. the contact|matched an archived contact/i,
  ],
  ["shape", /json for post data|error converting value|different request/i],
  [
    "mapping",
    /account code|account must be valid|account type is invalid|account could not be found|tax ?type|tax rate must be valid|not subscribed to currency|limit of invoices/i,
  ],
];

export function refusalOf(messages: readonly string[]): DocumentError {
  const found = CLASSES.find(([, pattern]) => messages.some((message) => pattern.test(message)));
  return { kind: found?.[0] ?? "other", messages };
}
