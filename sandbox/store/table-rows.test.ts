import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "./json.ts";
import { createTableRows, sortedRows } from "./table-rows.ts";

const byTime = (a: JsonObject, b: JsonObject): number =>
  String(a.time) < String(b.time)
    ? -1
    : String(a.time) > String(b.time)
      ? 1
      : Number(a.entity_id) - Number(b.entity_id);

const change = fc.record({
  id: fc.integer({ min: 1, max: 12 }),
  time: fc.integer({ min: 1, max: 9 }),
  remove: fc.boolean(),
  look: fc.boolean(),
});

test("an order that was asked for before follows every put and remove", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const table = createTableRows();
      for (const { id, time, remove, look } of changes) {
        if (remove) table.remove(String(id));
        else table.put(String(id), { entity_id: id, time });
        if (!look) continue;
        const rows = table.snapshot();
        expect(sortedRows(rows, "time", byTime)).toEqual([...rows].sort(byTime));
      }
    }),
    { seed: 21 },
  );
});

test("a snapshot stays as it was, and so do its orders, when the table changes", () => {
  const table = createTableRows();
  table.put("1", { entity_id: 1, time: 2 });
  table.put("2", { entity_id: 2, time: 1 });
  const before = table.snapshot();
  expect(sortedRows(before, "time", byTime).map((row) => row.entity_id)).toEqual([2, 1]);
  table.put("3", { entity_id: 3, time: 0 });
  expect(before).toHaveLength(2);
  expect(sortedRows(before, "time", byTime).map((row) => row.entity_id)).toEqual([2, 1]);
  expect(sortedRows(table.snapshot(), "time", byTime).map((row) => row.entity_id)).toEqual([3, 2, 1]);
});

test("two orders of one table are kept apart by their names", () => {
  const table = createTableRows();
  table.put("1", { entity_id: 1, time: 2 });
  table.put("2", { entity_id: 2, time: 1 });
  const ids = (name: string, compare: typeof byTime) =>
    sortedRows(table.snapshot(), name, compare).map((row) => row.entity_id);
  expect(ids("time", byTime)).toEqual([2, 1]);
  expect(ids("time back", (a, b) => byTime(b, a))).toEqual([1, 2]);
  expect(ids("time", byTime)).toEqual([2, 1]);
});
