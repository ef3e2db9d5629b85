/** The exchanges that the demo servers of a test run have left in a folder. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RecordedExchange } from "../../sandbox/shared/exchanges.ts";

export function readExchanges(folder: string): RecordedExchange[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".ndjson"));
  return files.flatMap((name) =>
    linesOf(readFileSync(join(folder, name), "utf8")).map((line) => RecordedExchange.parse(JSON.parse(line))),
  );
}

/** A server that was killed may have left half a line at the end. */
const linesOf = (text: string): string[] =>
  text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "");

/** Our adapters say so; other clients of the tests ask for odd things on purpose. */
export const isOurs = ({ headers }: RecordedExchange): boolean => headers["user-agent"] === "counterfoil";
