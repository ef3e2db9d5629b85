/**
 * The rules that no prompt can talk its way around: who may do what, how often, and what a session that has read
 * untrusted text may still ask for (design.md section 7). Every door passes here, since callTool does.
 */
import type { Role } from "../engine/api.ts";
import { never } from "../engine/core/assert.ts";
import { err, ok, type Result } from "../engine/core/result.ts";
import type { Effect, PreparedCall, Tool, ToolContext, ToolFailure } from "./define.ts";
import { SESSION_LIMITS, type ToolSession } from "./session.ts";

const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, approver: 2, admin: 3 };
const ROLE_NEEDED: Readonly<Record<Effect, Role>> = {
  read: "viewer",
  propose: "operator",
  act: "operator",
  ask: "operator",
};

/** Lets a call through and counts it, or says why not. */
export async function passGate(
  tool: Tool,
  call: PreparedCall,
  context: ToolContext,
): Promise<Result<void, ToolFailure>> {
  const { actor, session } = context;
  if (RANK[actor.role] < RANK[ROLE_NEEDED[tool.effect]]) return err(roleTooLow(tool, actor.role));
  const used = limitFault(tool.effect, session);
  if (used !== undefined) return err(used);
  if (session.tainted && tool.effect === "propose") {
    const fault = await call.taintFault(context);
    if (fault !== undefined) return err(fault);
  }
  count(tool.effect, session);
  return ok(undefined);
}

function limitFault(effect: Effect, session: ToolSession): ToolFailure | undefined {
  switch (effect) {
    case "read":
    case "ask":
      return undefined;
    case "propose": {
      const max = session.tainted ? SESSION_LIMITS.taintedProposalsMax : SESSION_LIMITS.proposalsMax;
      return session.proposals >= max ? limitReached("proposals", max) : undefined;
    }
    case "act":
      return session.acts >= SESSION_LIMITS.actsMax
        ? limitReached("syncs and retries", SESSION_LIMITS.actsMax)
        : undefined;
    default:
      return never(effect);
  }
}

function count(effect: Effect, session: ToolSession): void {
  if (effect === "propose") session.countProposal();
  if (effect === "act") session.countAct();
}

const roleTooLow = (tool: Tool, role: Role): ToolFailure => ({
  kind: "forbidden",
  message: `${tool.name} needs the role ${ROLE_NEEDED[tool.effect]}; this user is ${role}.`,
  next: "Answer from read tools only, and say that a colleague with the right role has to ask for the change.",
});

const limitReached = (what: string, max: number): ToolFailure => ({
  kind: "limitReached",
  message: `This session has used its ${max} ${what}.`,
  next: "Stop here and tell the person what is done; they can start a new conversation.",
});
