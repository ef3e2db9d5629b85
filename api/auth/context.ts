/** What the middlewares put on a request. */
import type { Context } from "hono";
import type { Actor } from "../../engine/api.ts";
import { assert } from "../../engine/core/assert.ts";

export type ApiEnv = {
  Variables: {
    /** Null until somebody proved who they are. */
    actor: Actor | null;
    cameBy: "token" | "session" | null;
  };
};

/** Behind `requires` there is always somebody. */
export function actorOf(c: Context<ApiEnv>): Actor {
  const actor = c.get("actor");
  assert(actor !== null, "a guarded route has an actor");
  return actor;
}
