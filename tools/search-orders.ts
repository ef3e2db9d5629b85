import { z } from "zod";
import { ok } from "../engine/core/result.ts";
import { RecordState } from "../engine/core/state.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";
import { codeOf } from "./untrusted.ts";
import { Amount, Cursor, limitOf, NextCursor } from "./views.ts";

export const OrderSearch = z.object({
  orders: z.array(
    z.object({
      order: z.string(),
      placedAt: z.string().nullable(),
      state: z.string().describe("bookkeeping state"),
      storeState: z.string().nullable(),
      currency: z.string().nullable(),
      total: Amount.nullable(),
      paymentMethod: z.string().nullable(),
      hold: z.string().nullable().describe("class of the hold"),
    }),
  ),
  total: z.int().describe("how many match in all"),
  nextCursor: NextCursor,
});

export const searchOrders = defineTool({
  name: "search_orders",
  title: "Search orders",
  description:
    "Orders that Counterfoil knows, newest first, by bookkeeping state or by part of the order number. Use it to find an order " +
    "number or to list orders in a state. For held and failed orders with their reasons use list_failed_records; for counts " +
    "alone use get_sync_status. Next: get_order with one of the numbers.",
  effect: "read",
  input: z.object({
    state: RecordState.nullable().default(null).describe("only orders in this state; leave out for all"),
    text: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .describe("part of an order number; leave out for all"),
    limit: limitOf(100, 20),
    cursor: Cursor,
  }),
  output: OrderSearch,
  run: async ({ state, text, limit, cursor }, { engine, connection }) => {
    const page = await engine.searchOrders(connection, {
      limit,
      ...(state !== null && { state }),
      ...(text !== null && { text }),
      ...(cursor !== null && { cursor }),
    });
    if (!page.ok) return failed(page.error);
    const { items, total, nextCursor } = page.value;
    const orders = items.map((row) => ({
      ...row,
      storeState: codeOf(row.storeState),
      paymentMethod: codeOf(row.paymentMethod),
    }));
    return ok({ orders, total, nextCursor });
  },
});
