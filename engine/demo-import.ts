/** Puts Magento order JSON into the demo store. It is the demo's own door, no part of Magento (contract.md, "The demo servers"). */
import { z } from "zod";
import { err, ok, type Result } from "./core/result.ts";
import type { Json } from "./core/shapes.ts";
import type { Unreachable } from "./ports.ts";

/** `refused`: the store says which order is wrong and why. */
export type ImportRefusal = Unreachable | { readonly kind: "refused"; readonly detail: string };
/** Answers the order numbers in the order given; all orders are taken or none. */
export type ImportOrders = (orders: readonly Json[]) => Promise<Result<readonly string[], ImportRefusal>>;

const TIMEOUT_MS = 60_000;
const DETAIL_MAX = 300;

const Imported = z.object({ orders: z.array(z.object({ increment_id: z.union([z.string(), z.number()]) })) });
const Refused = z.object({ message: z.string(), parameters: z.unknown().optional() });

export function demoImport(url: string): ImportOrders {
  return async (orders) => {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(orders),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const answer: unknown = await response.json();
      if (response.ok) return ok(Imported.parse(answer).orders.map((order) => String(order.increment_id)));
      const refused = Refused.safeParse(answer);
      if (response.status >= 500 || !refused.success)
        return err({ kind: "unavailable", detail: `The demo store answered HTTP ${response.status}.` });
      return err({ kind: "refused", detail: filled(refused.data).slice(0, DETAIL_MAX) });
    } catch (error) {
      return err({ kind: "unavailable", detail: `The demo store could not be reached (${nameOf(error)}).` });
    }
  };
}

/** Magento's messages carry their values beside them: `%1` and `%fieldName`. */
function filled({ message, parameters }: z.infer<typeof Refused>): string {
  if (parameters === null || typeof parameters !== "object") return message;
  const values = Array.isArray(parameters)
    ? parameters.map((value, at) => [String(at + 1), value] as const)
    : Object.entries(parameters);
  return values.reduce((text, [name, value]) => text.replaceAll(`%${name}`, String(value)), message);
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");
