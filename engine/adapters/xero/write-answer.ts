/** What came of one write, element by element (facts/xero.md sections 2 and 4). A doubt is an unknown outcome, never a failure. */
import type { Resource } from "../../core/plan.ts";
import type { Json } from "../../core/shapes.ts";
import type { ElementAnswer, WriteAnswer } from "../../ports.ts";
import { parseAnswer } from "./answer-json.ts";
import { toLedgerDocument } from "./documents.ts";
import type { Exchange } from "./exchange.ts";
import {
  type Answered,
  rateLimitOf,
  refusalMessages,
  unauthorisedOf,
  validationMessages,
} from "./failures.ts";

export type Written = { readonly resource: Resource; readonly bodies: readonly Json[] };

export function toWriteAnswer(exchange: Exchange, written: Written): WriteAnswer {
  switch (exchange.kind) {
    case "notSent":
      return {
        kind: "unavailable",
        detail: `The ledger could not be reached (${exchange.cause}); nothing was sent.`,
      };
    case "lost":
      return { kind: "outcomeUnknown", detail: `The ledger gave no answer (${exchange.cause}).` };
    case "answered":
      return answered(exchange, written);
  }
}

function answered(answer: Answered, written: Written): WriteAnswer {
  const { status } = answer;
  if (status >= 200 && status <= 299) return elementsOf(answer, written);
  switch (status) {
    case 401:
    case 403:
      return unauthorisedOf(answer);
    case 404:
      return { kind: "refused", messages: ["An id in the request is not known to the ledger (HTTP 404)."] };
    case 408:
      return { kind: "outcomeUnknown", detail: "The ledger timed out (HTTP 408)." };
    case 429:
      return rateLimitOf(answer);
    case 501:
      return { kind: "refused", messages: refusalMessages(answer) };
    case 503:
      return { kind: "unavailable", detail: "The ledger is not available (HTTP 503)." };
    default:
      // A server that fails, or a gateway that gave up waiting, may have written the documents before it did.
      if (status >= 500) return { kind: "outcomeUnknown", detail: `The ledger answered HTTP ${status}.` };
      if (status >= 400) return { kind: "refused", messages: refusalMessages(answer) };
      return { kind: "unavailable", detail: `The ledger answered HTTP ${status}; nothing was written.` };
  }
}

/** With summarizeErrors=false the answer is 200 and each element says for itself what came of it. */
function elementsOf({ text }: Answered, { resource, bodies }: Written): WriteAnswer {
  const body = parseAnswer(text);
  const elements =
    body !== null && typeof body === "object" && !Array.isArray(body) ? body[resource] : undefined;
  if (!Array.isArray(elements) || elements.length !== bodies.length) {
    return {
      kind: "outcomeUnknown",
      detail: "The ledger's answer does not tell what came of each document.",
    };
  }
  if (bodies.some((sent, index) => isOfAnother(resource, sent, elements[index]))) {
    return { kind: "outcomeUnknown", detail: "The ledger's answer names other documents than were sent." };
  }
  const answers = elements.map((element) => elementAnswer(resource, element));
  const told = answers.filter((answer) => answer !== undefined);
  // A document that is there but cannot be read must not be taken for one that was refused.
  if (told.length < answers.length) {
    return { kind: "outcomeUnknown", detail: "The ledger's answer about a document cannot be read." };
  }
  return { kind: "answered", elements: told };
}

const KEYS: Readonly<Record<Resource, string | undefined>> = {
  Contacts: "ContactNumber",
  Invoices: "InvoiceNumber",
  CreditNotes: "CreditNoteNumber",
  Items: "Code",
  BankTransactions: undefined,
  Payments: undefined,
  Allocations: undefined,
};

/** Answers come in the order of the request; a business key that says otherwise must not settle the wrong document. */
function isOfAnother(resource: Resource, sent: Json, element: Json | undefined): boolean {
  const key = KEYS[resource];
  const wanted = key === undefined ? undefined : textAt(sent, key);
  const found = key === undefined ? undefined : textAt(element, key);
  return wanted !== undefined && found !== undefined && wanted !== found;
}

const NO_MESSAGE = "The ledger marked the document as wrong without saying why.";
const NO_ID = "00000000-0000-0000-0000-000000000000";
const IDS: Readonly<Record<Resource, string>> = {
  Contacts: "ContactID",
  Invoices: "InvoiceID",
  CreditNotes: "CreditNoteID",
  Items: "ItemID",
  BankTransactions: "BankTransactionID",
  Payments: "PaymentID",
  Allocations: "AllocationID",
};

/** An id alone proves nothing: even the official example shows a refused payment with one. */
function elementAnswer(resource: Resource, element: Json): ElementAnswer | undefined {
  const messages = validationMessages(element);
  if (messages.length > 0) return { ok: false, messages };
  const isRefused =
    textAt(element, "StatusAttributeString") === "ERROR" ||
    flagAt(element, "HasErrors") ||
    flagAt(element, "HasValidationErrors") ||
    textAt(element, IDS[resource]) === NO_ID;
  if (isRefused) return { ok: false, messages: [NO_MESSAGE] };
  const document = toLedgerDocument(resource, element);
  return document && { ok: true, document };
}

const memberOf = (value: Json | undefined, name: string): Json | undefined =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? value[name] : undefined;

function textAt(value: Json | undefined, name: string): string | undefined {
  const member = memberOf(value, name);
  return typeof member === "string" && member !== "" ? member : undefined;
}

const flagAt = (value: Json | undefined, name: string): boolean => memberOf(value, name) === true;
