import { closeSync, openSync, readSync } from "node:fs";

const CHUNK_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Hands over every line that ends in a newline and answers how many bytes those lines take. A journal of a large demo
 * is longer than a text can be, so it is never read as one.
 */
export function readLines(path: string, take: (line: string) => void): number {
  const file = openSync(path, "r");
  try {
    let complete = 0;
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const count = readSync(file, chunk, 0, CHUNK_BYTES, complete + rest.length);
      if (count === 0) return complete;
      const bytes =
        rest.length === 0 ? chunk.subarray(0, count) : Buffer.concat([rest, chunk.subarray(0, count)]);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        take(bytes.toString("utf8", start, end));
        start = end + 1;
      }
      complete += start;
      rest = bytes.subarray(start);
    }
  } finally {
    closeSync(file);
  }
}
