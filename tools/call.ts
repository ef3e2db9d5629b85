/** The one way to call a tool: validate the input, pass the gate, run, validate the output. Chat, MCP and the API use it. */
import { z } from "zod";
import { assert } from "../engine/core/assert.ts";
import { err, ok, type Result } from "../engine/core/result.ts";
import type { ToolContext, ToolFailure } from "./define.ts";
import { passGate } from "./gate.ts";
import type { Registry } from "./registry.ts";

/** JSON-ready output of the tool's output schema, or why there is none. Never throws: a bug becomes kind `internal`. */
export type ToolOutcome = Result<Readonly<Record<string, unknown>>, ToolFailure>;

export async function callTool(
  registry: Registry,
  name: string,
  rawInput: unknown,
  context: ToolContext,
): Promise<ToolOutcome> {
  const tool = registry.get(name);
  if (tool === undefined) return err(unknownTool(name, registry));
  const prepared = tool.prepare(rawInput ?? {});
  if (!prepared.ok) return err(invalidInput(name, prepared.error));
  if (context.signal.aborted) return err(aborted);
  try {
    const gated = await passGate(tool, prepared.value, context);
    if (!gated.ok) {
      context.log?.("tool.refused", { tool: name, kind: gated.error.kind, model: context.actor.model });
      return gated;
    }
    const outcome = await prepared.value.run(context);
    if (!outcome.ok) return outcome;
    const output = tool.output.safeParse(outcome.value);
    assert(output.success, `${name} returns what its output schema says: ${output.error?.message ?? ""}`);
    return ok(output.data);
  } catch (error) {
    if (context.signal.aborted) return err(aborted);
    // The message of a thrown error may hold anything, customers' text included: it stays out of the answer and the log.
    context.log?.("tool.failed", { tool: name, error: error instanceof Error ? error.name : typeof error });
    return err(internal(name));
  }
}

const unknownTool = (name: string, registry: Registry): ToolFailure => ({
  kind: "unknownTool",
  message: `There is no tool ${JSON.stringify(name.slice(0, 60))}.`,
  next: `Use one of: ${[...registry.keys()].join(", ")}.`,
});

const invalidInput = (name: string, error: z.ZodError): ToolFailure => ({
  kind: "invalidInput",
  message: z.prettifyError(error).slice(0, 1_500),
  next: `Correct the named fields and call ${name} again.`,
});

const aborted: ToolFailure = {
  kind: "aborted",
  message: "The person stopped this conversation.",
  next: "Do nothing more.",
};

const internal = (name: string): ToolFailure => ({
  kind: "internal",
  message: `${name} failed inside Counterfoil. Nothing was approved or posted by it.`,
  next: "Tell the person; the log of the server has the event tool.failed.",
});
