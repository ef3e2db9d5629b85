import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, truncateSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { readLines } from "./lines.ts";

/** An append-only file of JSON lines. What append() has returned from survives kill -9 of this process. */
export type Journal = {
  append(entry: unknown): void;
  close(): void;
};

/**
 * Opens the journal and hands every earlier entry to replay, oldest first. A last line without its newline is
 * a write that the process did not live to finish: nobody was answered, so it is cut off.
 */
export function openJournal(path: string, replay: (entry: unknown) => void): Journal {
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) appendFileSync(path, "");
  const complete = readLines(path, (line) => {
    if (line !== "") replay(JSON.parse(line));
  });
  truncateSync(path, complete);
  // Appending by descriptor, without buffering: the kernel has the bytes when writeSync returns.
  const descriptor = openSync(path, "a");
  return {
    append: (entry) => {
      writeAll(descriptor, Buffer.from(`${JSON.stringify(entry)}\n`));
    },
    close: () => closeSync(descriptor),
  };
}

function writeAll(descriptor: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
}
