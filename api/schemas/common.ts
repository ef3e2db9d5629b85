/** Shapes that several routes share. Each is held against the engine's own type, so that neither can drift alone. */
import { z } from "@hono/zod-openapi";
import { Problem } from "../problem.ts";

/** Which store and ledger; the only one when left out. */
export const ConnectionQuery = z.object({
  connection: z.string().min(1).max(100).optional().describe("default: the only connection"),
});
export type ConnectionQuery = z.infer<typeof ConnectionQuery>;

export const PageQuery = ConnectionQuery.extend({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(500).optional(),
});

export const OrderParam = z.object({ order: z.string().min(1).max(64) });

/** Longest wait of one request for deliveries; what is not settled by then goes on without it. */
const WAIT_MS_MAX = 120_000;
export const WaitQuery = ConnectionQuery.extend({
  waitMs: z.coerce.number().int().min(0).max(WAIT_MS_MAX).default(10_000),
});

/** A JSON document of a plan or a tool; its own schema is elsewhere. */
export const AnyObject = z.record(z.string(), z.unknown());

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item).readonly(),
    nextCursor: z.string().nullable(),
    total: z.int(),
  });

/** The responses of a route: its own shape, and a problem for everything else. */
export const responsesOf = <Shape extends z.ZodType>(description: string, schema: Shape) => ({
  200: { description, content: { "application/json": { schema } } },
  default: {
    description: "a problem (RFC 9457)",
    content: { "application/problem+json": { schema: Problem } },
  },
});

export const bodyOf = <Shape extends z.ZodType>(schema: Shape) => ({
  required: true,
  content: { "application/json": { schema } },
});

/** The wire name for optional keys that `exactOptionalPropertyTypes` wants absent, not undefined. */
export const withoutUndefined = <T extends object>(query: T) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
