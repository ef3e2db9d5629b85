/**
 * What a tool is. Every capability exists once, here; chat, MCP and the API call the same tools through callTool (call.ts).
 * A tool's effect decides what the gate lets through (gate.ts). No effect means "approve": no tool can.
 */
import type { z } from "zod";
import type { Actor, Engine } from "../engine/api.ts";
import { err, ok, type Result } from "../engine/core/result.ts";
import type { Log } from "../engine/ports.ts";
import type { ToolSession } from "./session.ts";

/**
 * read: looks, changes nothing. propose: stores something that a person must approve. act: hastens what an approved
 * mapping would do anyway. ask: asks a person to decide.
 */
export type Effect = "read" | "propose" | "act" | "ask";

/** A failed call says so: a kind to branch on, what happened, and the next useful action. Never upstream or buyers' text. */
export type ToolFailure = { readonly kind: string; readonly message: string; readonly next: string };

export type ToolContext = {
  readonly engine: Engine;
  readonly connection: string;
  readonly actor: Actor;
  readonly session: ToolSession;
  readonly signal: AbortSignal;
  /** Where a person looks at a proposal and decides. */
  readonly links: { proposal(id: string): URL | string };
  readonly log?: Log;
};

/** An input that its schema has accepted, bound to the tool that will run it. */
export type PreparedCall = {
  readonly input: unknown;
  run(context: ToolContext): Promise<Result<unknown, ToolFailure>>;
  /** Why a session that has read untrusted text may not make this very call; asked of `propose` tools only. */
  taintFault(context: ToolContext): Promise<ToolFailure | undefined>;
};

/** A tool with its schemas erased, as the registry holds it. `input` and `output` give the JSON Schemas (json-schema.ts). */
export type Tool = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  prepare(raw: unknown): Result<PreparedCall, z.ZodError>;
};

export type ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> = {
  /** snake_case */
  readonly name: string;
  /** what a person reads while it runs */
  readonly title: string;
  /** for a model that has never seen the product: when to use it, when not, what comes next */
  readonly description: string;
  readonly effect: Effect;
  readonly input: Input;
  readonly output: Output;
  run(input: z.output<Input>, context: ToolContext): Promise<Result<z.input<Output>, ToolFailure>>;
  taintFault?(input: z.output<Input>, context: ToolContext): Promise<ToolFailure | undefined>;
};

export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { name, title, description, effect, input, output } = definition;
  return {
    name,
    title,
    description,
    effect,
    input,
    output,
    prepare: (raw) => {
      const parsed = input.safeParse(raw);
      if (!parsed.success) return err(parsed.error);
      return ok({
        input: parsed.data,
        run: (context) => definition.run(parsed.data, context),
        taintFault: (context) => definition.taintFault?.(parsed.data, context) ?? Promise.resolve(undefined),
      });
    },
  };
}
