/** How commands that need the owner begin and end, written once. */
import type { Result } from "../../engine/core/result.ts";
import type { Client } from "../client.ts";
import type { Call, Context } from "../command.ts";
import type { Exit, Failure } from "../exit.ts";
import { reachOwner } from "../owner/reach.ts";
import { reportFailure } from "../terminal.ts";

/** Runs `work` with a client of the owner; a failure anywhere becomes its exit code and its words. */
export async function withOwner(
  call: Call,
  context: Context,
  work: (client: Client) => Promise<Result<Exit, Failure>>,
): Promise<Exit> {
  const client = await reachOwner(context);
  const ended = client.ok ? await work(client.value) : client;
  return ended.ok ? ended.value : reportFailure(context.terminal, ended.error, call.json);
}
