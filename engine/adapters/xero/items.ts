/** The organisation's items as planning needs them: the codes that lines may carry, and the stock of tracked ones. */
import { z } from "zod";
import type { LedgerItem } from "../../core/plan-input.ts";
import { err, ok, type Result } from "../../core/result.ts";
import type { Json } from "../../core/shapes.ts";
import type { Unreachable } from "../../ports.ts";
import { WireAmount, WireFlag } from "./answer-json.ts";

const Item = z.object({
  Code: z.string(),
  IsTrackedAsInventory: WireFlag,
  QuantityOnHand: WireAmount,
});

export function toItemList(elements: Json): Result<readonly LedgerItem[], Unreachable> {
  const items = z.array(Item).safeParse(elements);
  if (!items.success)
    return err({ kind: "unavailable", detail: "The ledger's items are not what Xero's API describes." });
  return ok(
    items.data.map(({ Code: code, IsTrackedAsInventory: tracked, QuantityOnHand: onHand }) => ({
      code,
      tracked,
      onHand: tracked ? (onHand ?? "0.00") : null,
    })),
  );
}
