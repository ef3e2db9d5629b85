/** An exception stands on the fact sheets: its words are there, and what it says is shown is in the file that it names. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EXCEPTIONS } from "./exceptions.ts";

const SHARED = join(import.meta.dirname, "../../../shared");
const isThere = existsSync(join(SHARED, "facts"));
if (!isThere && process.env.REQUIRE_ALL === "1")
  throw new Error("REQUIRE_ALL=1, and there are no fact sheets");
if (!isThere) console.warn("SKIPPED: no fact sheets beside the repository");

test("every exception has a name of its own", () => {
  const ids = EXCEPTIONS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

describe.skipIf(!isThere)("the exception", () => {
  test.each(EXCEPTIONS.map((exception) => [exception.id, exception] as const))(
    "%s is documented",
    (_id, { source }) => {
      expect(readFileSync(join(SHARED, "facts", source.facts), "utf8")).toContain(source.passage);
    },
  );

  test.each(
    EXCEPTIONS.flatMap((exception) =>
      exception.source.shown === undefined
        ? []
        : [[exception.id, exception, exception.source.shown] as const],
    ),
  )("%s is shown by each file that it names", (_id, { pointer, keyword }, shown) => {
    for (const file of shown) {
      const members = pointersOf(JSON.parse(readFileSync(join(SHARED, "data", file), "utf8")));
      // What is required by the document is missing there; anything else is there.
      expect(
        members.some((member) => pointer.test(member)),
        file,
      ).toBe(keyword !== "required");
    }
  });
});

/** Every pointer of a document, list positions as `*`, each also as it looks from any place on the way. */
function pointersOf(value: unknown): string[] {
  const steps = (at: unknown): string[][] => {
    if (Array.isArray(at)) return at.flatMap((element) => steps(element).map((rest) => ["*", ...rest]));
    if (typeof at !== "object" || at === null) return [];
    return Object.entries(at).flatMap(([name, inner]) => [
      [name],
      ...steps(inner).map((rest) => [name, ...rest]),
    ]);
  };
  return [
    ...new Set(steps(value).flatMap((path) => path.map((_step, index) => `/${path.slice(index).join("/")}`))),
  ];
}
