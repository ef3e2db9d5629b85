import {
  appendFileSync,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

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
  const text = readFileSync(path, "utf8");
  const complete = text.lastIndexOf("\n") + 1;
  const file = openSync(path, "r+");
  ftruncateSync(file, Buffer.byteLength(text.slice(0, complete)));
  closeSync(file);
  for (const line of text.slice(0, complete).split("\n")) {
    if (line !== "") replay(JSON.parse(line));
  }
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
