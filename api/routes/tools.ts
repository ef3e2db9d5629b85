/** The tools over HTTP: what the MCP process on stdio calls. Here, too, no tool approves. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { ok } from "../../engine/core/result.ts";
import { callTool } from "../../tools/call.ts";
import type { Effect, Tool } from "../../tools/define.ts";
import { inputSchemaOf, outputSchemaOf } from "../../tools/json-schema.ts";
import { openSession, type ToolSession } from "../../tools/session.ts";
import { type ApiEnv, actorOf } from "../auth/context.ts";
import { onConnection } from "../connection.ts";
import type { AppConfig } from "../ports.ts";
import { sendInvalid, sendOutcome, sendProblem } from "../problem.ts";
import { AnyObject, bodyOf, ConnectionQuery, responsesOf } from "../schemas/common.ts";
import { ToolOutcome, Tool as ToolSchema } from "../schemas/system.ts";
import { guarded } from "./guarded.ts";

const SESSIONS_MAX = 1_000;

const list = createRoute({
  method: "get",
  path: "/tools",
  summary: "Every tool with its schemas and its effect",
  ...guarded("read"),
  responses: responsesOf("the tools", z.array(ToolSchema)),
});

const call = createRoute({
  method: "post",
  path: "/tools/{name}",
  summary: "Call a tool; roles and limits are the tool's own gate",
  ...guarded("read"),
  request: {
    params: z.object({ name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "snake_case") }),
    query: ConnectionQuery,
    headers: z.object({
      "counterfoil-session": z
        .string()
        .regex(/^[\w-]{1,100}$/)
        .optional()
        .describe("one conversation; without it every call counts as having read strangers' text"),
    }),
    body: bodyOf(AnyObject),
  },
  responses: responsesOf("what the tool answered", ToolOutcome),
});

export const toolRoutes = ({ engine, registry, links, log }: AppConfig) => {
  const sessions = new Map<string, ToolSession>();
  return new OpenAPIHono<ApiEnv>({ defaultHook: sendInvalid })
    .openapi(list, (c) => c.json([...registry.values()].map(toolInfo), 200))
    .openapi(call, async (c) => {
      const { name } = c.req.valid("param");
      if (!registry.has(name)) {
        return sendProblem(c, {
          kind: "unknownTool",
          status: 404,
          detail: `There is no tool ${name}.`,
          next: "List them at GET /api/tools.",
        });
      }
      const actor = actorOf(c);
      const named = c.req.valid("header")["counterfoil-session"];
      const session =
        named === undefined ? openSession({ tainted: true }) : kept(sessions, `${actor.id}:${named}`);
      const outcome = await onConnection(engine, c.req.valid("query"), async (connection) => {
        const context = { engine, connection, actor, session, signal: c.req.raw.signal, links, log };
        return ok(await callTool(registry, name, c.req.valid("json"), context));
      });
      return sendOutcome(c, outcome);
    });
};

/** The oldest is forgotten first. A new one then counts as tainted, since it may be a forgotten one that comes back. */
function kept(sessions: Map<string, ToolSession>, key: string): ToolSession {
  const known = sessions.get(key);
  if (known !== undefined) return known;
  const oldest = sessions.keys().next();
  const full = sessions.size >= SESSIONS_MAX && oldest.done !== true;
  if (full) sessions.delete(oldest.value);
  const session = openSession({ tainted: full });
  sessions.set(key, session);
  return session;
}

const toolInfo = (tool: Tool) => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  effect: tool.effect,
  inputSchema: { ...inputSchemaOf(tool) },
  outputSchema: { ...outputSchemaOf(tool) },
  annotations: { title: tool.title, ...HINTS[tool.effect] },
});

/** MCP's hints. Nothing is destructive: what was posted is never edited in place. */
const HINTS: Record<Effect, Record<string, boolean>> = {
  read: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  propose: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  act: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  ask: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
};
