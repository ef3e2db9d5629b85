import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Json } from "../../core/shapes.ts";
import type { Exchange } from "./exchange.ts";
import { toWriteAnswer, type Written } from "./write-answer.ts";

const INVOICE = { InvoiceID: "5a2ed8c5-0000-4000-8000-000000000001", Type: "ACCREC", Total: 12.5 };
const sent: Written = { resource: "Invoices", bodies: [{ InvoiceNumber: "1001" }] };

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Exchange => ({
  kind: "answered",
  status,
  headers,
  text: typeof body === "string" ? body : JSON.stringify(body),
});
const invoices = (...elements: Json[]) => answer(200, { Status: "OK", Invoices: elements });

describe("the whole call", () => {
  test.each<[string, Exchange, string]>([
    ["nothing was sent", { kind: "notSent", cause: "ECONNREFUSED" }, "unavailable"],
    ["no answer came", { kind: "lost", cause: "timeout" }, "outcomeUnknown"],
    ["the server failed", answer(500, "oops"), "outcomeUnknown"],
    ["a gateway failed", answer(502, "<html>"), "outcomeUnknown"],
    ["a gateway gave up", answer(504, ""), "outcomeUnknown"],
    ["the request timed out there", answer(408, ""), "outcomeUnknown"],
    ["maintenance", answer(503, "<html>"), "unavailable"],
    ["a redirect", answer(302, ""), "unavailable"],
    ["not implemented", answer(501, { Message: "The Api Method called is not implemented" }), "refused"],
    ["an unknown id", answer(404, "The resource you're looking for cannot be found"), "refused"],
    [
      "a token that ended",
      answer(401, { Detail: "TokenExpired: token expired at 09/24/2021" }),
      "unauthorised",
    ],
    ["another tenant", answer(403, { detail: "AuthenticationUnsuccessful" }), "unauthorised"],
    ["success in a web page", answer(200, "<html>"), "outcomeUnknown"],
    ["success without the list", answer(200, { Status: "OK" }), "outcomeUnknown"],
    ["fewer elements than were sent", invoices(), "outcomeUnknown"],
    ["more elements than were sent", invoices(INVOICE, INVOICE), "outcomeUnknown"],
    ["an element without an id", invoices({ Type: "ACCREC" }), "outcomeUnknown"],
    ["an element that cannot be read", invoices({ ...INVOICE, Type: {} }), "outcomeUnknown"],
    ["the element of another document", invoices({ ...INVOICE, InvoiceNumber: "1002" }), "outcomeUnknown"],
  ])("%s: %#", (_name, exchange, kind) => {
    expect(toWriteAnswer(exchange, sent)).toMatchObject({ kind });
  });

  test("a refusal tells the messages of lines and contacts too, each once", () => {
    const element = {
      Contact: { ValidationErrors: [{ Message: "A Contact must be specified" }] },
      LineItems: [
        { ValidationErrors: [{ Message: "Account must be valid." }] },
        { ValidationErrors: [{ Message: "Account must be valid." }, { Message: "Tax rate must be valid." }] },
      ],
      Warnings: [{ Message: "only a warning" }],
    };
    expect(
      toWriteAnswer(answer(400, { ErrorNumber: 10, Message: "top", Elements: [element] }), sent),
    ).toEqual({
      kind: "refused",
      messages: ["A Contact must be specified", "Account must be valid.", "Tax rate must be valid."],
    });
    expect(toWriteAnswer(invoices({ ...INVOICE, ...element }), sent)).toMatchObject({
      elements: [{ ok: false, messages: { length: 3 } }],
    });
  });

  test("a refusal without elements tells the message on top", () => {
    expect(toWriteAnswer(answer(400, { ErrorNumber: 14, Message: "Error converting value" }), sent)).toEqual({
      kind: "refused",
      messages: ["Error converting value"],
    });
    expect(toWriteAnswer(answer(413, "<html>"), sent)).toEqual({
      kind: "refused",
      messages: ["The ledger refused with HTTP 413."],
    });
  });

  test.each([
    [{ "x-rate-limit-problem": "minute", "retry-after": "22" }, 22],
    [{ "x-rate-limit-problem": "concurrent" }, 1],
    [{ "x-rate-limit-problem": "app-minute" }, 60],
    [{ "x-rate-limit-problem": "DayLimit" }, 3_600],
    [{}, 5],
  ])("a limit of %j waits %d s", (headers, retryAfterSeconds) => {
    expect(toWriteAnswer(answer(429, "", headers as Record<string, string>), sent)).toMatchObject({
      kind: "rateLimited",
      retryAfterSeconds,
    });
  });
});

describe("an element", () => {
  const one = (element: Json, written = sent) => {
    const result = toWriteAnswer(answer(200, { [written.resource]: [element] }), written);
    if (result.kind !== "answered") throw new Error(result.kind);
    return result.elements[0];
  };

  test("is a document when nothing says otherwise; a warning is no error", () => {
    expect(
      one({ ...INVOICE, HasErrors: false, ValidationErrors: [], Warnings: [{ Message: "w" }] }),
    ).toMatchObject({
      ok: true,
      document: { total: "12.50" },
    });
  });

  test.each<[string, Json]>([
    ["says ERROR", { ...INVOICE, StatusAttributeString: "ERROR" }],
    ["has errors", { ...INVOICE, HasErrors: true }],
    ["has validation errors", { ...INVOICE, HasValidationErrors: true }],
    ["has the id of nothing", { ...INVOICE, InvoiceID: "00000000-0000-0000-0000-000000000000" }],
  ])("that %s is none, even without a message", (_name, element) => {
    expect(one(element)).toMatchObject({
      ok: false,
      messages: [expect.stringContaining("without saying why")],
    });
  });

  test("amounts keep every digit that the wire had", () => {
    const text = `{"Invoices":[{"InvoiceID":"x","Type":"ACCREC","Total":9999999999.99,"AmountDue":0.1,"TotalTax":1E+1}]}`;
    const result = toWriteAnswer({ kind: "answered", status: 200, headers: {}, text }, sent);
    expect(result).toMatchObject({
      elements: [{ document: { total: "9999999999.99", amountDue: "0.10", totalTax: "10.00" } }],
    });
  });

  test("dates are calendar dates, in either spelling", () => {
    expect(one({ ...INVOICE, Date: "/Date(1552262400000+0000)/" })).toMatchObject({
      document: { date: "2019-03-11" },
    });
    expect(one({ ...INVOICE, Date: "2019-03-11T00:00:00" })).toMatchObject({
      document: { date: "2019-03-11" },
    });
    expect(one({ ...INVOICE, Date: "/Date(-86400000)/" })).toMatchObject({
      document: { date: "1969-12-31" },
    });
  });
});

const EXAMPLES = join(import.meta.dirname, "../../../../shared/data/xero/examples/errors");
const isThere = existsSync(EXAMPLES);
if (!isThere) console.warn(`SKIPPED: Xero's recorded errors are not at ${EXAMPLES}`);

test("the recorded errors are there, or their absence is allowed", () => {
  if (process.env.REQUIRE_ALL === "1") expect(isThere).toBe(true);
});

test.skipIf(!isThere)("every recorded error is told as what it is, with its messages", () => {
  for (const name of readdirSync(EXAMPLES).filter((file) => file.endsWith(".json"))) {
    const { status, body, headers } = JSON.parse(readFileSync(join(EXAMPLES, name), "utf8"));
    const lower = Object.fromEntries(
      Object.entries(headers).map(([key, value]) => [key.toLowerCase(), String(value)]),
    );
    const result = toWriteAnswer(answer(status, body, lower), sent);
    const expected: Record<number, string> = {
      200: "answered",
      400: "refused",
      401: "unauthorised",
      403: "unauthorised",
    };
    const kind = name.includes("root_warnings") ? "outcomeUnknown" : expected[status];
    if (kind !== undefined) expect(result.kind, name).toBe(kind);
    if (result.kind === "refused")
      expect(result.messages.join(), name).not.toMatch(/HTTP 400|validation exception/);
    if (status === 429) expect(result, name).toMatchObject({ kind: "rateLimited" });
  }
});
