/** Log lines: one JSON object each, with a fixed event name and flat fields. */
import type { Log } from "../engine/ports.ts";
import type { Context } from "./command.ts";

export const createLog = (
  { clock, environment }: Pick<Context, "clock" | "environment">,
  write: (line: string) => void,
): Log =>
  environment.logLevel === "silent"
    ? () => undefined
    : (event, fields) => write(JSON.stringify({ at: clock.now().toISOString(), event, ...fields }));
