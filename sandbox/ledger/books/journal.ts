import { closeSync, existsSync, mkdirSync, openSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { readLines } from "../../shared/lines.ts";
import type { Books, Written } from "./books.ts";

/**
 * The append-only file behind `--data DIR`: one JSON line for each commit, written synchronously before the answer
 * leaves, so that a killed process loses nothing it has confirmed.
 */
export function openJournal(dataDir: string, books: Books): { isNew: boolean; close(): void } {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, "ledger.jsonl");
  const isNew = !existsSync(file);
  if (!isNew) replay(file, books);
  const descriptor = openSync(file, "a");
  books.onCommit((written) => writeAll(descriptor, `${JSON.stringify(written, encodeBigint)}\n`));
  return { isNew, close: () => closeSync(descriptor) };
}

function replay(file: string, books: Books): void {
  const complete = readLines(file, (line) => {
    if (line !== "") books.restore(JSON.parse(line, decodeBigint) as Written[]);
  });
  // A process killed while it wrote leaves half a line, which was never answered: it is cut off.
  truncateSync(file, complete);
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
}

const encodeBigint = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" ? { $big: value.toString() } : value;

function decodeBigint(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("$big" in value)) return value;
  return typeof value.$big === "string" ? BigInt(value.$big) : value;
}
