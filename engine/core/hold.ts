/** Why a record waits for a person. A hold names the field, what was expected and the next action; it carries no buyer's text. */
import { z } from "zod";

export const Hold = z.enum([
  "notAnOrder",
  "fieldMissing",
  "fieldInvalid",
  "itemsMissing",
  "negativeTotal",
  "negativeLine",
  "unmappedTotal",
  "totalsDiffer",
  "noRule",
  "ruleHolds",
  "factUnknown",
  "taxRateUnknown",
  "taxRateDiffers",
  "taxDiffersFromRate",
  "accountUnknown",
  "accountNotUsable",
  "taxTypeUnknown",
  "taxTypeNotUsable",
  "trackingUnknown",
  "currencyNotAllowed",
  "currencyNotSubscribed",
  "currencyRateMissing",
  "periodLocked",
  "beforeCutOver",
  "orderCancelled",
  "partlyCancelled",
  "refunded",
  "paidMoreThanTotal",
  "draftWithPayment",
  "textTooLong",
  "tooManyLines",
  "nothingToPost",
  "noMapping",
  "numberTaken",
  "contactNameTaken",
  "refusedByLedger",
]);
export type Hold = z.infer<typeof Hold>;

export const Held = z.strictObject({
  hold: Hold,
  field: z.string().describe("JSON Pointer or Magento field that caused it"),
  detail: z.string().describe("what was found and what was expected"),
  action: z.string().describe("the next useful action for a person"),
});
export type Held = z.infer<typeof Held>;
