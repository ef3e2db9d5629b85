/** A cap on what a model may use in all, whatever the conversations: a decorator, so that every model can have one. */
import { addUsage, NO_USAGE, tokensOf } from "../session.ts";
import type { Model, ModelEvent, ModelRequest, Usage } from "./model.ts";

export type TokenMeter = { readonly used: () => Usage };

/** `tokensMax` counts input, output and cache writes. A request that begins below the cap is answered to its end. */
export function withTokenCap(model: Model, tokensMax: number): Model & TokenMeter {
  let used = NO_USAGE;
  return {
    id: model.id,
    used: () => used,
    stream: async function* (request: ModelRequest): AsyncGenerator<ModelEvent> {
      if (tokensOf(used) >= tokensMax) {
        const message = `The cap of ${tokensMax} tokens is used up. Raise it, or use the built-in model.`;
        yield { kind: "failed", failure: { kind: "tokenCap", message, retryable: false } };
        return;
      }
      for await (const event of model.stream(request)) {
        if (event.kind === "answer") used = addUsage(used, event.answer.usage);
        yield event;
      }
    },
  };
}
