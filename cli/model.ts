/** Which model thinks: the built-in one, which needs no key. */
import { builtinModel } from "../agent/models/builtin.ts";
import type { Model } from "../agent/models/model.ts";
import type { Environment } from "./environment.ts";

export function createModel(_settings: Environment["model"]): Model {
  return builtinModel();
}
