import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLines } from "./lines.ts";

function linesOf(text: string): { lines: string[]; bytes: number } {
  const path = join(mkdtempSync(join(tmpdir(), "lines-")), "file");
  writeFileSync(path, text);
  const lines: string[] = [];
  const bytes = readLines(path, (line) => lines.push(line));
  return { lines, bytes };
}

test("lines come in order, and what has no newline yet is left", () => {
  expect(linesOf("one\ntwö\nhal")).toEqual({ lines: ["one", "twö"], bytes: 9 });
  expect(linesOf("")).toEqual({ lines: [], bytes: 0 });
  expect(linesOf("\n\n")).toEqual({ lines: ["", ""], bytes: 2 });
});

test("a line longer than what is read at once, and signs on the seam, stay whole", () => {
  const long = "ä€".repeat(5 * 1024 * 1024);
  const { lines, bytes } = linesOf(`${long}\nshort\n`);
  expect([lines[0] === long, lines[1], bytes]).toEqual([true, "short", Buffer.byteLength(long) + 7]);
});
