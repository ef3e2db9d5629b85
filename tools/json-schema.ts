/** A tool's schemas as JSON Schema, for model providers, MCP and OpenAPI. Derived, never written by hand. */
import { z } from "zod";
import type { Tool } from "./define.ts";

export type JsonSchema = { readonly type: "object"; readonly [key: string]: unknown };

export const inputSchemaOf = (tool: Tool): JsonSchema => schemaOf(tool.input, "input");
export const outputSchemaOf = (tool: Tool): JsonSchema => schemaOf(tool.output, "output");

/** Schemas never change, and every message to a model needs all of them. */
const made = {
  input: new WeakMap<z.ZodObject, JsonSchema>(),
  output: new WeakMap<z.ZodObject, JsonSchema>(),
};

function schemaOf(schema: z.ZodObject, io: "input" | "output"): JsonSchema {
  const known = made[io].get(schema);
  if (known !== undefined) return known;
  const fresh = shortest(schema, io);
  made[io].set(schema, fresh);
  return fresh;
}

/** Shared parts are written once where that is shorter; every request to a model carries these schemas. */
function shortest(schema: z.ZodObject, io: "input" | "output"): JsonSchema {
  const [inline, shared] = (["inline", "ref"] as const).map((reused) =>
    z.toJSONSchema(schema, { io, reused }),
  );
  const isShorter = JSON.stringify(shared).length < JSON.stringify(inline).length;
  return { ...(isShorter ? shared : inline), type: "object" };
}
