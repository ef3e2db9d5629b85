import { z } from "zod";
import { ok } from "../../engine/core/result.ts";
import type { Command } from "../command.ts";
import { EXIT } from "../exit.ts";
import { withOwner } from "./with-owner.ts";

export const link: Command = {
  usage: "",
  about: "Prints a new link that signs you in on the page, once, within fifteen minutes.",
  options: {},
  words: { min: 0, max: 0, named: "nothing" },
  examples: ["link"],
  run: (call, context) =>
    withOwner(call, context, async (client) => {
      const answer = await client.post(
        "/api/links",
        {},
        z.object({ url: z.string(), expiresAt: z.string() }),
      );
      if (!answer.ok) return answer;
      if (call.json) context.terminal.json(answer.value);
      else context.terminal.print(answer.value.url);
      return ok(EXIT.done);
    }),
};
