import { expect, test } from "vitest";
import { cursorOf, pageOf, readCursor, readInstant } from "./cursor.ts";

test("a cursor comes back as it was given; none is the first page", () => {
  expect(readCursor(cursorOf(["2026-11-24T10:00:00.000Z", "id-1"]))).toMatchObject({
    value: ["2026-11-24T10:00:00.000Z", "id-1"],
  });
  expect(readCursor(cursorOf([null, "7"]))).toMatchObject({ value: [null, "7"] });
  expect(readCursor(undefined)).toEqual({ ok: true, value: undefined });
  expect(readCursor("")).toEqual({ ok: true, value: undefined });
});

test.each([
  ["no base64 of ours", "%%%"],
  ["another shape", Buffer.from('{"a":1}').toString("base64url")],
  ["too many parts", Buffer.from('["a","b","c"]').toString("base64url")],
  ["half of one", cursorOf(["2026-11-24T10:00:00.000Z", "id-1"]).slice(0, 9)],
])("a cursor that is %s is refused", (_, cursor) => {
  expect(readCursor(cursor)).toMatchObject({ ok: false, error: { kind: "invalid" } });
});

test("an instant that was edited by hand is none", () => {
  expect(readInstant("2026-11-24T10:00:00.000Z")?.getTime()).toBe(Date.parse("2026-11-24T10:00:00Z"));
  for (const text of ["never", "", null]) expect(readInstant(text)).toBeNull();
});

test("a page has a next one only when there was a row more than it shows", () => {
  const positionOf = (row: string) => [null, row] as const;
  expect(pageOf(["a", "b", "c"], 2, positionOf)).toEqual({
    rows: ["a", "b"],
    nextCursor: cursorOf([null, "b"]),
  });
  expect(pageOf(["a", "b"], 2, positionOf)).toEqual({ rows: ["a", "b"], nextCursor: null });
  expect(pageOf([], 2, positionOf)).toEqual({ rows: [], nextCursor: null });
});
