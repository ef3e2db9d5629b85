/** Which models can think here: the built-in one always; Claude with a key, or with a host of one's own that speaks its protocol. */
import { builtinModel } from "../agent/models/builtin.ts";
import { claudeModel } from "../agent/models/claude.ts";
import type { Model } from "../agent/models/model.ts";
import type { Environment } from "./environment.ts";

export type Models = { readonly builtin: Model; readonly claude: Model | null; readonly usual: Model };

/** COUNTERFOIL_MODEL names a model of the provider, or is `builtin`, which keeps to the built-in one although there is a key. */
export function createModels({ apiKey, baseUrl, name }: Environment["model"]): Models {
  const builtin = builtinModel();
  const claude =
    apiKey === undefined && baseUrl === undefined
      ? null
      : claudeModel({
          // Hosts of one's own (Ollama, llama.cpp) take any key.
          apiKey: apiKey ?? "none",
          baseUrl: baseUrl ?? null,
          ...(name === undefined || name === "claude" || name === "builtin" ? {} : { model: name }),
        });
  return { builtin, claude, usual: name === "builtin" ? builtin : (claude ?? builtin) };
}
