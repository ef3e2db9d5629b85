import { randomUUID } from "node:crypto";
import { wireMsBare } from "./dates.ts";
import { type Json, type JsonRecord, renderJson } from "./json.ts";
import { say } from "./messages.ts";

export type Reply = {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
};

const JSON_TYPE = "application/json; charset=utf-8";

export const jsonReply = (status: number, body: Json, headers?: Record<string, string>): Reply => ({
  status,
  contentType: JSON_TYPE,
  body: renderJson(body),
  ...(headers === undefined ? {} : { headers }),
});

export const PROVIDER = "Counterfoil demo ledger";

export type Pagination = { page: number; pageSize: number; pageCount: number; itemCount: number };

/** The success envelope (facts/xero.md section 4, Common). */
export function okReply(
  nowMs: number,
  plural: string,
  elements: readonly Json[],
  pagination?: Pagination,
): Reply {
  return jsonReply(200, {
    Id: randomUUID(),
    Status: "OK",
    ProviderName: PROVIDER,
    DateTimeUTC: wireMsBare(nowMs),
    ...(pagination === undefined ? {} : { pagination }),
    [plural]: elements,
  });
}

/** A refusal that ends the whole request; thrown by leaves and turned into its reply in one place. */
export class Refusal extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super(`HTTP ${reply.status}`);
    this.reply = reply;
  }
}

export const validationReply = (elements: readonly JsonRecord[]): Reply =>
  jsonReply(400, {
    ErrorNumber: 10,
    Type: "ValidationException",
    Message: say.validationOccurred,
    Elements: elements,
  });

const problem = (status: number, errorNumber: number, type: string, message: string): Reply =>
  jsonReply(status, { ErrorNumber: errorNumber, Type: type, Message: message });

export const postDataInvalid = (message: string): Reply =>
  problem(400, 14, "PostDataInvalidException", message);
export const queryInvalid = (message: string): Reply => problem(400, 16, "QueryParseException", message);
/** `noun` is what the endpoint expects; the misspelling is Xero's own ([M] in the facts). */
export const nothingProcessed = (noun: string): Reply =>
  problem(
    400,
    17,
    "NoDataProcessedException",
    `No data has been processed for this endpoint. This endpoint is expecting ${noun} data to be specifed in the request body.`,
  );
export const notImplemented = (): Reply =>
  problem(501, 20, "ApiMethodNotImplementedException", "The Api Method called is not implemented");

/** 404 is not JSON (facts/xero.md section 4, Common). */
export const notFound = (): Reply => ({
  status: 404,
  contentType: "text/html; charset=utf-8",
  body: "The resource you're looking for cannot be found",
});

export const errorsOf = (messages: readonly string[]): Json => messages.map((Message) => ({ Message }));
