import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "./json.ts";
import { search } from "./search.ts";
import type { SearchCriteria } from "./search-criteria.ts";
import type { Kept } from "./table-rows.ts";
import { createTableRows } from "./table-rows.ts";

const rules = {
  columns: ["entity_id", "increment_id", "updated_at", "state"],
  key: "entity_id",
  eav: false,
  pastEndRepeatsLastPage: true,
  inputLimits: false,
};

const time = fc.integer({ min: 1, max: 9 }).map((day) => `2026-10-0${day} 10:00:00`);
/** What imported dumps hold beside what the store writes: nothing, a number, a day without a time. */
const odd = fc.constantFrom<Json>(null, 20261005, "2026-10-05", true);
const increment = fc.integer({ min: 1, max: 15 }).map((number) => String(number).padStart(9, "0"));

const rowOf = (isOdd: boolean) =>
  fc.record({
    increment_id: isOdd
      ? fc.oneof(increment, fc.constantFrom<Json>(7, "7", "true", "100000007-1"))
      : increment,
    updated_at: isOdd ? fc.oneof(time, odd) : fc.oneof(time, fc.constant(null)),
    state: fc.constantFrom("new", "complete"),
  });

const changesOf = (isOdd: boolean) =>
  fc.array(fc.record({ id: fc.integer({ min: 1, max: 12 }), row: rowOf(isOdd), remove: fc.boolean() }), {
    minLength: 1,
    maxLength: 40,
  });

const filter = fc.oneof(
  fc.record({
    field: fc.constant("updated_at"),
    condition: fc.constantFrom("gt", "gteq", "from", "lt", "lteq", "to", "eq", "neq"),
    value: fc.oneof(time, fc.constant("2026-10-05")),
  }),
  fc.record({
    field: fc.constantFrom("increment_id", "entity_id"),
    condition: fc.constantFrom("eq", "gt", "gteq", "moreq", "lt", "lteq"),
    value: fc.oneof(increment, fc.constantFrom("7", "true", "")),
  }),
  fc.record({ field: fc.constant("state"), condition: fc.constant("eq"), value: fc.constant("new") }),
);

const sort = fc.record({
  field: fc.constantFrom("updated_at", "increment_id", "entity_id", "state"),
  direction: fc.constantFrom("ASC" as const, "DESC" as const),
});

const criteria: fc.Arbitrary<SearchCriteria> = fc.record({
  groups: fc.array(fc.array(filter, { maxLength: 2 }), { maxLength: 3 }),
  sort: fc.array(sort, { maxLength: 2 }),
  pageSize: fc.constantFrom(undefined, 3),
  currentPage: fc.constantFrom(undefined, 1, 2),
});

const POLLED: Kept = {
  orders: [
    [
      { field: "updated_at", sign: 1 },
      { field: "entity_id", sign: 1 },
    ],
  ],
  lookUps: ["increment_id"],
};

/** Looks after every change, so that orders made early have to follow all later ones. */
function answersAreThose(
  changes: { id: number; row: object; remove: boolean }[],
  asked: SearchCriteria[],
): void {
  const table = createTableRows(POLLED);
  for (const { id, row, remove } of changes) {
    if (remove) table.remove(String(id));
    else table.put(String(id), { entity_id: id, ...row } as JsonObject);
    for (const one of asked) {
      const rows = table.snapshot();
      expect(search(rows, one, rules)).toEqual(search([...rows], one, rules));
    }
  }
}

test("a table's kept orders answer any search as reading all rows does, after every put and remove", () => {
  fc.assert(
    fc.property(changesOf(false), fc.array(criteria, { minLength: 1, maxLength: 3 }), answersAreThose),
    { seed: 21, numRuns: 300 },
  );
});

test("columns of several kinds, as imports bring them, are read instead", () => {
  fc.assert(
    fc.property(changesOf(true), fc.array(criteria, { minLength: 1, maxLength: 3 }), (changes, asked) => {
      // Sorting mixed kinds has no one right answer; which rows match has.
      answersAreThose(
        changes,
        asked.map((one) => ({ ...one, sort: [] })),
      );
    }),
    { seed: 22, numRuns: 300 },
  );
});

test("a snapshot stays as it was when the table changes, and is searched as it was", () => {
  const table = createTableRows(POLLED);
  table.put("1", { entity_id: 1, updated_at: "2026-10-02 10:00:00" });
  table.put("2", { entity_id: 2, updated_at: "2026-10-01 10:00:00" });
  const before = table.snapshot();
  table.put("3", { entity_id: 3, updated_at: "2026-09-30 10:00:00" });
  const byTime: SearchCriteria = {
    groups: [],
    sort: [{ field: "updated_at", direction: "ASC" }],
    pageSize: undefined,
    currentPage: undefined,
  };
  const ids = (rows: readonly JsonObject[]): Json[] =>
    (search(rows, byTime, rules).items as JsonObject[]).map((row) => row.entity_id ?? null);
  expect(ids(before)).toEqual([2, 1]);
  expect(ids(table.snapshot())).toEqual([3, 2, 1]);
});

test("more orders than a table keeps are still answered, each as asked", () => {
  const table = createTableRows(POLLED);
  const fields = Array.from({ length: 12 }, (_, index) => `field_${index}`);
  for (let id = 1; id <= 6; id += 1) {
    const values = fields.map((field, index) => [field, (id * (index + 2)) % 7]);
    table.put(String(id), { entity_id: id, ...Object.fromEntries(values) });
  }
  for (const field of [...fields, ...fields]) {
    const one: SearchCriteria = {
      groups: [],
      sort: [{ field, direction: "DESC" }],
      pageSize: undefined,
      currentPage: undefined,
    };
    const rows = table.snapshot();
    expect(search(rows, one, rules)).toEqual(search([...rows], one, rules));
  }
});
