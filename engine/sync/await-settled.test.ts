import { expect, test } from "vitest";
import type { DocumentState } from "../core/state.ts";
import type { Outbox } from "../ports.ts";
import { awaitSettled, isSettled } from "./await-settled.ts";

test.each<[boolean, DocumentState[]]>([
  [true, []],
  [true, ["delivered", "delivered"]],
  [true, ["delivered", "reconciled", "drifted"]],
  [false, ["delivered", "queued"]],
  [false, ["delivering"]],
  [false, ["uncertain", "failed"]],
  [true, ["failed", "queued"]],
  [true, ["held", "queued", "queued"]],
])("settled is %s for %o", (settled, states) => {
  expect(isSettled(states)).toBe(settled);
});

test("waits as long as it was told and not longer", async () => {
  const sleeps: number[] = [];
  const outbox = { states: async () => ["queued"] } as unknown as Outbox;
  const sleep = async (ms: number) => void sleeps.push(ms);
  expect(await awaitSettled({ outbox, sleep }, "r1", 1_000)).toBe(false);
  expect(sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(1_000);
  expect(await awaitSettled({ outbox, sleep }, "r1", 0)).toBe(false);
});
