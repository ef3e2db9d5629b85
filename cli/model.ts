/** Which model thinks: Claude when the environment gives a key or another host that speaks its protocol, else the built-in one. */
import { builtinModel } from "../agent/models/builtin.ts";
import { claudeModel } from "../agent/models/claude.ts";
import type { Model } from "../agent/models/model.ts";
import type { Environment } from "./environment.ts";

/** COUNTERFOIL_MODEL=builtin keeps the built-in model although there is a key. */
export function createModel({ apiKey, baseUrl, name }: Environment["model"]): Model {
  if (name === "builtin" || (apiKey === undefined && baseUrl === undefined)) return builtinModel();
  return claudeModel({
    // Hosts of one's own (Ollama, llama.cpp) take any key.
    apiKey: apiKey ?? "none",
    baseUrl: baseUrl ?? null,
    ...(name === undefined || name === "claude" ? {} : { model: name }),
  });
}
