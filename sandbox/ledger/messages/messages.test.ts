import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Answer, type Body, messagesOf, openTestLedger } from "../testing.ts";
import { CONTACT_MESSAGES } from "./contact-messages.ts";
import { DOCUMENT_MESSAGES } from "./document-messages.ts";
import { LINE_MESSAGES } from "./line-messages.ts";
import { type Envelope, ledgerOf, type MessageCase, textOf } from "./message-case.ts";
import { OTHER_MESSAGES } from "./other-messages.ts";
import { PAYMENT_MESSAGES } from "./payment-messages.ts";

const CASES = [
  ...LINE_MESSAGES,
  ...DOCUMENT_MESSAGES,
  ...CONTACT_MESSAGES,
  ...PAYMENT_MESSAGES,
  ...OTHER_MESSAGES,
];
const LAST = 57;

/** The messages that no API call can provoke. */
const NOT_PROVOKED: Readonly<Record<number, string>> = {
  57: "partner apps only: OpenAPI 16.1.0 has no SellingUnitOfMeasure, and fields that it does not have are ignored",
};

/** Second texts of a message that is provoked by its first one. */
const OLDER_WORDINGS: readonly { number: number; quote: string; reason: string }[] = [
  {
    number: 30,
    quote: "The invoice total does not equal the sum of the lines.",
    reason: "the wording of 2011 (xeroizer#23); since 2013 the same refusal says document (xeroizer#86)",
  },
  {
    number: 46,
    quote: "Users Organisation is not subscribed to currency NZD",
    reason: "marked as older in the facts; the same refusal says Organisation today",
  },
];

test("the messages that are provoked and those that cannot be are 1 to 57 without gaps", () => {
  const provoked = new Set(CASES.map(({ number }) => number));
  const excused = Object.keys(NOT_PROVOKED).map(Number);
  expect(excused.filter((number) => provoked.has(number))).toEqual([]);
  expect([...provoked, ...excused].sort((a, b) => a - b)).toEqual(
    Array.from({ length: LAST }, (_, index) => index + 1),
  );
  for (const { number } of OLDER_WORDINGS) expect(provoked.has(number)).toBe(true);
});

test("57: a field that the API does not have is ignored, whatever its length", () => {
  const { status, body } = openTestLedger().call("PUT", "Items", {
    Code: "abc",
    SellingUnitOfMeasure: "kilogram",
  });
  expect(status).toBe(200);
  expect(body.Items[0].SellingUnitOfMeasure).toBeUndefined();
});

const FACTS = join(import.meta.dirname, "../../../../shared/facts/xero.md");
const hasFacts = existsSync(FACTS);
if (!hasFacts && process.env.REQUIRE_ALL === "1") throw new Error(`REQUIRE_ALL=1, and there is no ${FACTS}`);
if (!hasFacts) console.warn(`skipped: no list of messages in ${FACTS}`);

describe.skipIf(!hasFacts)("the source", () => {
  const text = hasFacts ? readFileSync(FACTS, "utf8") : "";
  const rows = new Map(
    [...text.matchAll(/^\| (\d+) \| (.*)$/gm)].map(([, number, row]) => [Number(number), row ?? ""]),
  );

  test("has 57 messages", () => {
    expect([...rows.keys()]).toEqual(Array.from({ length: LAST }, (_, index) => index + 1));
  });

  test.each([...CASES, ...OLDER_WORDINGS])("$number has this text: $quote", ({ number, quote }) => {
    // Two texts of a message stand in section 5, with the bugs that they come from.
    const isThere = rows.get(number)?.includes(quote) === true || text.includes(quote);
    expect(isThere).toBe(true);
  });
});

describe("the ledger says", () => {
  test.each(CASES)("$number: $quote", async (one) => {
    const { status, body } = await answerOf(one);
    CHECKS[one.envelope ?? "element"](one, status, body);
  });

  test.each(CASES.filter(({ envelope, isSingle }) => isElement(envelope) && isSingle !== true))(
    "$number by the element with summarizeErrors=false: $quote",
    async (one) => {
      const { status, body } = await answerOf(one, "?summarizeErrors=false");
      expect(status).toBe(200);
      expect(body.Status).toBe("OK");
      const [element] = body[pluralOf(one)];
      expect(element.StatusAttributeString).toBe("ERROR");
      expect(messagesIn(one, element)).toContain(textOf(one));
    },
  );
});

const isElement = (envelope: Envelope = "element"): boolean => envelope === "element" || envelope === "line";

async function answerOf(one: MessageCase, query = ""): Promise<Answer> {
  const ledger = ledgerOf(one);
  const [method, path, body] = one.provoke(ledger);
  if (one.envelope !== "key") return ledger.call(method, path + query, body);
  const { K = "" } = one.variables ?? {};
  await ledger.callWithKey(K, method, path, body);
  return ledger.callWithKey(K, method, path, { ...Object(body), Reference: "another" });
}

function pluralOf(one: MessageCase): string {
  const [, path] = one.provoke(ledgerOf(one));
  const segments = path.split("/");
  return segments.at(-1) === "Allocations" ? "Allocations" : (segments[0] ?? "");
}

const messagesIn = ({ envelope }: MessageCase, element: Body): string[] =>
  envelope === "line"
    ? element.LineItems.flatMap((line: Body) => line.ValidationErrors.map((error: Body) => error.Message))
    : element.ValidationErrors.map((error: Body) => error.Message);

const FLAGS: Readonly<Record<string, string>> = {
  Invoices: "HasErrors",
  CreditNotes: "HasErrors",
  BankTransactions: "HasErrors",
  Contacts: "HasValidationErrors",
  Payments: "HasValidationErrors",
};

type Check = (one: MessageCase, status: number, body: Body) => void;
const CHECKS: Readonly<Record<Envelope, Check>> = {
  element: checkElement,
  line: checkElement,
  whole: checkElement,
  warning(one, status, body) {
    expect(status).toBe(200);
    const [element] = body[pluralOf(one)];
    expect(element.Status).toBe("DRAFT");
    expect(element.Warnings).toEqual([{ Message: textOf(one) }]);
  },
  unreadable(one, status, body) {
    expect(status).toBe(400);
    expect(body).toEqual({ ErrorNumber: 14, Type: "PostDataInvalidException", Message: textOf(one) });
  },
  key(one, status, body) {
    expect({ status, body }).toEqual({ status: 400, body: { Message: textOf(one) } });
  },
};

function checkElement(one: MessageCase, status: number, body: Body): void {
  expect(status).toBe(400);
  expect(body).toMatchObject({
    ErrorNumber: 10,
    Type: "ValidationException",
    Message: "A validation exception occurred",
  });
  if (one.envelope === "whole") {
    expect(body.Message).toBe(textOf(one));
    return;
  }
  const [element] = body.Elements;
  expect(messagesIn(one, element)).toContain(textOf(one));
  const flag = FLAGS[pluralOf(one)];
  if (flag !== undefined && one.isSingle !== true) expect(element[flag]).toBe(true);
  if (one.envelope === "line") expect(element.ValidationErrors).toEqual([]);
  else expect(messagesOf(body)).toContain(textOf(one));
}
