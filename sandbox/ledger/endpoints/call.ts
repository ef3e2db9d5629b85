import type { Books } from "../books/books.ts";
import type { Organisation } from "../books/rows.ts";
import type { OrgSeed } from "../books/scenario.ts";
import { todayIn } from "../wire/dates.ts";
import { notFound, nothingProcessed, postDataInvalid, Refusal } from "../wire/envelope.ts";
import { fieldOf, type Input, isRecord, parseJson } from "../wire/json.ts";
import type { Query } from "../wire/listing.ts";
import { PostDataInvalid } from "../wire/shape.ts";

/** One request after it has passed the gate; endpoints see the world through it only. */
export type Call = {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  header(name: string): string | undefined;
  readonly rawBody: Buffer;
  readonly books: Books;
  readonly org: OrgSeed;
  readonly nowMs: number;
  readonly clientId: string;
  newId(): string;
  /** A fault of kind "validation": every element of this call fails with it. */
  readonly forcedError?: string;
  /** A bookkeeper at the screen, not the API: may touch archived contacts and tax rates (POST /__sandbox/edit). */
  readonly isBookkeeper: boolean;
};

export function organisationOf(books: Books): Organisation {
  const [organisation] = books.all("organisation");
  if (organisation === undefined) throw new Error("the books have no organisation");
  return organisation;
}

/** The plan's cap of approved sales invoices (message 50). */
export function isApprovalLimitReached({ books, org }: Call): boolean {
  const limit = org.approvedInvoiceLimit;
  if (limit === undefined) return false;
  const approved = books
    .all("documents")
    .filter(({ type, status }) => type === "ACCREC" && (status === "AUTHORISED" || status === "PAID"));
  return approved.length >= limit;
}

export const todayOf = (call: Call): string => todayIn(call.org.timezone, new Date(call.nowMs));

export type Element = { value: Input; path: string };

/** The body is a bare object or `{"<Plural>": [...]}` (facts/xero.md section 4, Common). */
export function elementsOf(call: Call, plural: string, noun: string): Element[] {
  const body = readBody(call);
  if (!isRecord(body)) throw new Refusal(postDataInvalid(`JSON for post data was invalid. Path ''.`));
  const named = fieldOf(body, plural);
  if (named === undefined) {
    // xero-node drops unknown keys and sends `{}` (facts/xero.md section 8).
    if (Object.keys(body).length === 0) throw new Refusal(nothingProcessed(noun));
    return [{ value: body, path: "" }];
  }
  const values = Array.isArray(named) ? named : named === null ? [] : [named];
  if (values.length === 0) throw new Refusal(nothingProcessed(noun));
  return values.map((value, index) => ({ value, path: `${plural}[${index}]` }));
}

export function readBody(call: Call): Input {
  const text = call.rawBody.toString("utf8");
  if (text.trim() === "") throw new Refusal(postDataInvalid("The request body is empty"));
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(postDataInvalid(`JSON for post data was invalid, ${error.message}`));
  }
}

/** Shapes throw PostDataInvalid; the whole request is refused then, whatever its other elements say. */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof PostDataInvalid) throw new Refusal(postDataInvalid(error.message));
    throw error;
  }
}

/** For endpoints that change one thing: a path with an id, and Accounts, which takes one for each request. */
export function onlyElementOf(call: Call, plural: string, noun: string): Element {
  const [first, ...others] = elementsOf(call, plural, noun);
  if (first === undefined) throw new Refusal(nothingProcessed(noun));
  if (others.length > 0) throw new Refusal(postDataInvalid(`Only one ${noun} can be sent to this endpoint.`));
  return first;
}

/** An id the organisation never issued is a 404 for the whole request (facts/xero.md section 4, Common). */
export function foundOr404<T>(row: T | undefined): T {
  if (row === undefined) throw new Refusal(notFound());
  return row;
}

export const param = (call: Call, name: string): string => call.params[name] ?? "";
