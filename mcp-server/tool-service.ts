/** The owner's tools as the MCP server needs them; the command line implements it over HTTP. */

import type { ToolOutcome } from "../tools/call.ts";
import type { Effect } from "../tools/define.ts";

export type ServedTool = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  /** JSON Schemas of type object. */
  readonly inputSchema: { readonly [key: string]: unknown };
  readonly outputSchema: { readonly [key: string]: unknown };
  readonly annotations: { readonly [key: string]: unknown };
};

export type ToolService = {
  list(): Promise<readonly ServedTool[]>;
  /** Never throws for what the world does: an owner that is gone is a failure of kind `noAnswer`. */
  call(name: string, input: unknown, signal: AbortSignal): Promise<ToolOutcome>;
};
