/** A held order as an answer to the one who asked for it. */
import type { EngineError } from "./api.ts";
import type { Held } from "./core/hold.ts";

export function heldError(order: string, held: Held | null): EngineError {
  const reason = held ?? UNREAD;
  return { kind: "held", message: `Order ${order} is held: ${reason.detail} ${reason.action}`, held: reason };
}

const UNREAD: Held = {
  hold: "notAnOrder",
  field: "/",
  detail: "It has not been read.",
  action: "Sync it again.",
};
