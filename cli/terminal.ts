/** What a command writes: data on stdout, everything else on stderr (facts/ui.md 5.3). Colours only where they are seen. */
import { styleText } from "node:util";
import type { Failure } from "./exit.ts";

export type Tone = "bold" | "dim" | "green" | "red" | "yellow" | "cyan";

export type Terminal = {
  /** A line of what was asked for. Not to be used beside `json`. */
  print(text: string): void;
  /** The one JSON document of `--json`. */
  json(value: unknown): void;
  /** A line that is not the answer itself: progress, hints, what was started. */
  note(text: string): void;
  /** Text without a newline, for an answer that streams. */
  stream(text: string): void;
  tone(tone: Tone | readonly Tone[], text: string): string;
  readonly interactive: boolean;
};

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

export function createTerminal(streams: {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
}): Terminal {
  const { stdin, stdout, stderr } = streams;
  return {
    print: (text) => void stdout.write(`${text}\n`),
    json: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    stream: (text) => void stdout.write(text),
    // styleText leaves the text alone when the stream is no terminal or NO_COLOR is set.
    tone: (tone, text) => styleText(tone as Tone, text, { stream: stdout as NodeJS.WriteStream }),
    interactive: stdin.isTTY === true && stdout.isTTY === true,
  };
}

/** A failure for people, in three lines at most, and with `--json` as the one document on stdout. */
export function reportFailure(terminal: Terminal, failure: Failure, json: boolean): Failure["exit"] {
  const { exit, kind, message, next } = failure;
  if (json) terminal.json({ error: { kind, message, next } });
  terminal.note(message);
  if (next !== "") terminal.note(next);
  return exit;
}
