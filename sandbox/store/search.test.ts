import { describe, expect, test } from "vitest";
import { filterFields } from "./field-filter.ts";
import type { JsonObject } from "./json.ts";
import { objects } from "./json.ts";
import { parseQuery } from "./php-query.ts";
import { search } from "./search.ts";
import { parseSearchCriteria } from "./search-criteria.ts";

const rules = {
  columns: ["entity_id", "increment_id", "coupon_code", "state", "updated_at", "grand_total"],
  key: "entity_id",
  eav: false,
  pastEndRepeatsLastPage: true,
  inputLimits: false,
};

const rows: JsonObject[] = [
  {
    entity_id: 1,
    increment_id: "000000012",
    state: "new",
    grand_total: 10,
    updated_at: "2026-10-01 10:00:00",
    coupon_code: "TEN",
  },
  { entity_id: 2, state: "complete", grand_total: "20.0000", updated_at: "2026-10-02 10:00:00" },
  { entity_id: 3, state: "closed", grand_total: 30, updated_at: "2026-10-02 10:00:00" },
];

const ask = (query: string, more: Partial<typeof rules> = {}) =>
  search(rows, parseSearchCriteria(parseQuery(query)), { ...rules, ...more });
const ids = (query: string, more: Partial<typeof rules> = {}) =>
  objects(ask(query, more).items).map((row) => row.entity_id);

const filter = (field: string, condition: string, value: string, group = 0, index = 0): string =>
  `searchCriteria[filter_groups][${group}][filters][${index}][field]=${field}` +
  `&searchCriteria[filter_groups][${group}][filters][${index}][condition_type]=${condition}` +
  `&searchCriteria[filter_groups][${group}][filters][${index}][value]=${encodeURIComponent(value)}`;

describe("search criteria", () => {
  test("are required, but may be empty", () => {
    expect(() => ask("")).toThrow('"%fieldName" is required');
    expect(ask("searchCriteria").total_count).toBe(3);
    expect(ask("searchCriteria=").search_criteria).toEqual({ filter_groups: [] });
  });

  test("are read in both spellings and echoed in snake case", () => {
    const camel =
      "searchCriteria[filterGroups][0][filters][0][field]=state&searchCriteria[filterGroups][0][filters][0][value]=new" +
      "&searchCriteria[pageSize]=5&searchCriteria[currentPage]=1&searchCriteria[sortOrders][0][field]=entity_id";
    expect(ask(camel).search_criteria).toEqual({
      filter_groups: [{ filters: [{ field: "state", value: "new", condition_type: "eq" }] }],
      sort_orders: [{ field: "entity_id", direction: "DESC" }],
      page_size: 5,
      current_page: 1,
    });
    expect(ask(camel.replace(/filterGroups/g, "filter_groups").replace("pageSize", "page_size"))).toEqual(
      ask(camel),
    );
  });

  test("join filters of a group by or, groups by and", () => {
    expect(ids(`${filter("state", "eq", "new")}&${filter("state", "eq", "closed", 0, 1)}`)).toEqual([1, 3]);
    expect(ids(`${filter("state", "in", "new,closed")}&${filter("grand_total", "gt", "15", 1)}`)).toEqual([
      3,
    ]);
  });
});

describe("condition types", () => {
  test.each([
    ["grand_total", "eq", "20", [2]],
    ["grand_total", "neq", "20", [1, 3]],
    ["grand_total", "gt", "9.5", [1, 2, 3]],
    ["grand_total", "gteq", "20", [2, 3]],
    ["grand_total", "moreq", "30", [3]],
    ["grand_total", "lt", "20", [1]],
    ["grand_total", "lteq", "20", [1, 2]],
    ["grand_total", "from", "20", [2, 3]],
    ["grand_total", "to", "20", [1, 2]],
    ["state", "in", "new,closed", [1, 3]],
    // Core does not trim what it splits.
    ["state", "in", "new, closed", [1]],
    // A text column: 000000012 is not 12; a decimal that a dump sent as text is a number.
    ["increment_id", "eq", "000000012", [1]],
    ["increment_id", "eq", "12", []],
    ["grand_total", "eq", "20.00", [2]],
    ["state", "nin", "new", [2, 3]],
    ["state", "like", "c%", [2, 3]],
    ["state", "nlike", "%e%", []],
    ["state", "eq", "NEW", [1]],
    ["coupon_code", "null", "", [2, 3]],
    ["coupon_code", "notnull", "", [1]],
    // A null column satisfies no comparison, as in SQL.
    ["coupon_code", "neq", "FIVE", [1]],
    ["coupon_code", "finset", "TEN", [1]],
    ["updated_at", "gteq", "2026-10-02", [2, 3]],
    ["updated_at", "gt", "2026-10-02 10:00:00", []],
    ["updated_at", "lt", "2026-10-02T10:00:00", [1]],
  ])("%s %s %s", (field, condition, value, expected) => {
    expect(ids(filter(field, condition, value))).toEqual(expected);
  });

  test("that do not exist, fields that do not exist and dates with a zone are refused", () => {
    expect(() => ask(filter("state", "equals", "new"))).toThrow(/SQLSTATE\[42000\]/);
    expect(() => ask(filter("colour", "eq", "red"))).toThrow(/Column not found/);
    expect(() => ask(filter("colour", "eq", "red"), { eav: true })).toThrow(/attribute name is invalid/);
    expect(() => ask(filter("updated_at", "gteq", "2026-10-02T10:00:00Z"))).toThrow(/Incorrect DATETIME/);
  });
});

describe("paging", () => {
  const page = (number: number): string => `searchCriteria[pageSize]=2&searchCriteria[currentPage]=${number}`;

  test("past the end repeats the last page, or is empty where switched", () => {
    expect(ids(page(1))).toEqual([1, 2]);
    expect(ids(page(2))).toEqual([3]);
    expect(ids(page(9))).toEqual([3]);
    expect(ids(page(9), { pastEndRepeatsLastPage: false })).toEqual([]);
    expect(ask(page(9)).total_count).toBe(3);
  });

  test("takes page 0 and below for page 1, and no size for everything", () => {
    expect(ids(page(0))).toEqual([1, 2]);
    expect(ids(page(-3))).toEqual([1, 2]);
    expect(ids("searchCriteria[currentPage]=7")).toEqual([1, 2, 3]);
  });

  test("obeys input limits when they are on", () => {
    expect(() => ask("searchCriteria[pageSize]=301", { inputLimits: true })).toThrow(
      "Maximum SearchCriteria pageSize",
    );
    expect(ask("searchCriteria", { inputLimits: true }).search_criteria).toMatchObject({ page_size: 20 });
    expect(() => ask("searchCriteria[pageSize]=two")).toThrow(/"int" type was expected/);
  });

  test("sorts by several fields, DESC unless told", () => {
    const sort =
      "searchCriteria[sortOrders][0][field]=updated_at&searchCriteria[sortOrders][0][direction]=ASC" +
      "&searchCriteria[sortOrders][1][field]=entity_id";
    expect(ids(sort)).toEqual([1, 3, 2]);
  });
});

test("fields keep only what is named, at any depth", () => {
  const answer = { items: [{ a: 1, b: { c: 2, d: 3 } }], total_count: 1 };
  expect(filterFields(answer, "items[a,b[c]],total_count")).toEqual({
    items: [{ a: 1, b: { c: 2 } }],
    total_count: 1,
  });
  expect(filterFields(answer, "total_count")).toEqual({ total_count: 1 });
  expect(filterFields(answer, "items[a")).toEqual({});
});
