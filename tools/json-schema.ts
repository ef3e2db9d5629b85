/** A tool's schemas as JSON Schema, for model providers, MCP and OpenAPI. Derived, never written by hand. */
import { z } from "zod";
import type { Tool } from "./define.ts";

export type JsonSchema = { readonly type: "object"; readonly [key: string]: unknown };

export const inputSchemaOf = (tool: Tool): JsonSchema => ({
  ...z.toJSONSchema(tool.input, { io: "input", reused: "inline" }),
  type: "object",
});

export const outputSchemaOf = (tool: Tool): JsonSchema => ({
  ...z.toJSONSchema(tool.output, { io: "output", reused: "inline" }),
  type: "object",
});
