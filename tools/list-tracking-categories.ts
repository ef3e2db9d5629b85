import { z } from "zod";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";

const OPTIONS_SHOWN_MAX = 100;

export const TrackingCategories = z.object({
  categories: z.array(z.object({ name: z.string(), options: z.array(z.string()), optionsTotal: z.int() })),
});

export const listTrackingCategories = defineTool({
  name: "list_tracking_categories",
  title: "List tracking categories",
  description:
    "The ledger's tracking categories and their active options. A rule of tracking1 or tracking2 may only name an option that " +
    "stands here, of the category in the setting tracking1Category or tracking2Category; set that setting first when it is empty.",
  effect: "read",
  input: z.object({}),
  output: TrackingCategories,
  run: async (_, { engine, connection }) => {
    const profile = await engine.profile(connection);
    if (!profile.ok) return failed(profile.error);
    const categories = profile.value.org.tracking.map(({ name, options }) => ({
      name,
      options: options.slice(0, OPTIONS_SHOWN_MAX),
      optionsTotal: options.length,
    }));
    return ok({ categories });
  },
});
