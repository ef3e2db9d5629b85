import type { Json, JsonObject } from "./json.ts";
import { isObject } from "./json.ts";

/** `fields=items[entity_id,payment[method]],total_count` (magento.md 2): keeps only what is named. */
type Wanted = Map<string, Wanted | undefined>;

export function filterFields(answer: Json, fields: string): Json {
  const wanted = parseFields(fields);
  return wanted === undefined ? answer : keep(answer, wanted);
}

function keep(value: Json, wanted: Wanted): Json {
  if (Array.isArray(value)) return value.map((one) => keep(one, wanted));
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const [name, inner] of wanted) {
    const own = value[name];
    if (own !== undefined) kept[name] = inner === undefined ? own : keep(own, inner);
  }
  return kept;
}

/** Unbalanced brackets give nothing to filter by: Magento then answers an empty list. */
function parseFields(text: string): Wanted | undefined {
  const stack: Wanted[] = [new Map()];
  let name = "";
  const flush = (): void => {
    if (name !== "") stack.at(-1)?.set(name, undefined);
    name = "";
  };
  for (const char of text.replace(/\s/g, "")) {
    if (char === "[") {
      const inner: Wanted = new Map();
      stack.at(-1)?.set(name, inner);
      stack.push(inner);
      name = "";
    } else if (char === "]") {
      flush();
      if (stack.length === 1) return new Map();
      stack.pop();
    } else if (char === ",") {
      flush();
    } else {
      name += char;
    }
  }
  flush();
  return stack.length === 1 ? stack[0] : new Map();
}
