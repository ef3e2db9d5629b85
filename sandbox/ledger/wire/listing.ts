import type { Pagination } from "./envelope.ts";
import { parseWhere, QueryInvalid } from "./where.ts";
import { compileOrder, compileWhere, type Order, type QueryFields } from "./where-eval.ts";

/** Query names are case-insensitive on the server (facts/xero.md section 2). */
export class Query {
  readonly #values = new Map<string, string>();
  constructor(parameters: URLSearchParams) {
    for (const [name, value] of parameters) this.#values.set(name.toLowerCase(), value);
  }
  text(name: string): string | undefined {
    const value = this.#values.get(name.toLowerCase());
    return value === "" ? undefined : value;
  }
  flag(name: string, fallback = false): boolean {
    const value = this.text(name)?.toLowerCase();
    return value === undefined ? fallback : value === "true" || value === "1";
  }
  list(name: string): string[] | undefined {
    return this.text(name)
      ?.split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  }
  number(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d+$/.test(value)) throw new QueryInvalid(`The ${name} parameter must be a whole number`);
    return Number(value);
  }
}

const PAGE_SIZE = 100;
const PAGE_SIZE_MAX = 1_000;
/** Results beyond this are refused with 400 (facts/xero.md section 2, Reading). */
const RESULTS_MAX = 100_000;

export type Listing<T> = {
  rows: readonly T[];
  query: Query;
  ifModifiedSince: string | undefined;
  fields: QueryFields<T>;
  typeName: string;
  updatedMs(row: T): number;
  canPage: boolean;
  forcePaging?: boolean;
  defaultOrder?: Order<T>;
};

export type Listed<T> = { rows: readonly T[]; pagination?: Pagination };

/** where, If-Modified-Since, order and page, in this order. */
export function listRows<T>(listing: Listing<T>): Listed<T> {
  const { query, fields, typeName } = listing;
  const where = query.text("where");
  const order = query.text("order");
  let rows = modifiedSince(listing.rows, listing.ifModifiedSince, listing.updatedMs);
  if (where !== undefined) rows = rows.filter(compileWhere(parseWhere(where), fields, typeName));
  const byOrder = order === undefined ? listing.defaultOrder : compileOrder(order, fields, typeName);
  if (byOrder !== undefined && !isInOrder(rows, byOrder)) rows = [...rows].sort(byOrder);
  if (rows.length > RESULTS_MAX) throw new QueryInvalid("The query would return more than 100,000 results");
  const isPaged = listing.canPage && (listing.forcePaging === true || query.text("page") !== undefined);
  return isPaged ? pageOf(rows, query) : { rows };
}

/** Rows are stored in the order in which most lists want them, and looking costs less than sorting. */
const isInOrder = <T>(rows: readonly T[], order: Order<T>): boolean =>
  rows.every((row, index) => {
    const before = rows[index - 1];
    return before === undefined || order(before, row) <= 0;
  });

function pageOf<T>(rows: readonly T[], query: Query): Listed<T> {
  const page = query.number("page") ?? 1;
  const pageSize = query.number("pageSize") ?? PAGE_SIZE;
  if (page < 1) throw new QueryInvalid("The page parameter must be greater than 0");
  if (pageSize < 1 || pageSize > PAGE_SIZE_MAX) {
    throw new QueryInvalid(`The pageSize parameter must be between 1 and ${PAGE_SIZE_MAX}`);
  }
  return {
    rows: rows.slice((page - 1) * pageSize, page * pageSize),
    pagination: { page, pageSize, pageCount: Math.ceil(rows.length / pageSize), itemCount: rows.length },
  };
}

/** Second precision: milliseconds in the header are dropped (facts/xero.md section 2, Reading). */
function modifiedSince<T>(
  rows: readonly T[],
  header: string | undefined,
  updatedMs: (row: T) => number,
): readonly T[] {
  if (header === undefined || header.trim() === "") return rows;
  const hasZone = /Z$|GMT$|[+-]\d{2}:?\d{2}$/i.test(header);
  const since = Date.parse(hasZone ? header : `${header}Z`);
  if (Number.isNaN(since)) return rows;
  const sinceSecond = Math.floor(since / 1000) * 1000;
  return rows.filter((row) => updatedMs(row) > sinceSecond);
}
