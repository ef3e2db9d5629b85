/**
 * What the loop refuses before a tool is called at all: calls from a message that was cut off, and too many calls. Roles,
 * taint and session limits are kept by tools/gate.ts, which every door passes.
 */

import type { ToolFailure } from "../tools/define.ts";
import type { Stop } from "./models/model.ts";

export type TurnLimits = {
  /** messages of the model for one message of the person */
  readonly turnsMax: number;
  /** tool calls for one message of the person */
  readonly callsMax: number;
  /** tokens of one conversation, cached reads left out */
  readonly tokensMax: number;
};

export const TURN_LIMITS: TurnLimits = { turnsMax: 12, callsMax: 40, tokensMax: 400_000 };

/** Why a call may not be prepared; `undefined` when it may. `made` counts the calls of this turn so far. */
export function callRefusal(stop: Stop, made: number, { callsMax }: TurnLimits): ToolFailure | undefined {
  if (stop === "length") return truncated;
  return made >= callsMax ? tooManyCalls(callsMax) : undefined;
}

// The input of a truncated call may be a prefix of what was meant, and a prefix of an account list is another account list.
const truncated: ToolFailure = {
  kind: "truncated",
  message: "The message was cut off, so none of its tool calls was run.",
  next: "Repeat the call in a shorter message.",
};

const tooManyCalls = (max: number): ToolFailure => ({
  kind: "limitReached",
  message: `This answer has used its ${max} tool calls.`,
  next: "Answer with what is known.",
});
