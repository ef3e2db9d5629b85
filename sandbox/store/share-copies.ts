import type { Json, JsonObject } from "./json.ts";
import { isObject, objectAt, objects, textAt } from "./json.ts";

/**
 * An order repeats its items: a child holds its parent, and the shipping assignment lists all of them again. Copies
 * that equal their item become that item, which more than halves what an order takes. Changes the order it is given:
 * only for rows that are about to be stored, which nobody changes in place.
 */
export function shareCopies(order: JsonObject): void {
  const items = objects(order.items);
  if (items.length === 0) return;
  const byId = new Map(items.map((item) => [textAt(item, "item_id"), item]));
  const original = (copy: Json): Json => {
    if (!isObject(copy)) return copy;
    const own = byId.get(textAt(copy, "item_id"));
    return own !== undefined && sameJson(own, copy) ? own : copy;
  };
  for (const item of items) {
    if (isObject(item.parent_item)) item.parent_item = original(item.parent_item);
  }
  for (const assignment of objects(objectAt(order, "extension_attributes").shipping_assignments)) {
    if (Array.isArray(assignment.items)) assignment.items = assignment.items.map(original);
  }
}

/** Equal to the byte when written as JSON: the members' order counts. */
function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((one, index) => sameJson(one, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  const others = Object.keys(b);
  return (
    names.length === others.length &&
    names.every((name, index) => name === others[index] && sameJson(a[name], b[name]))
  );
}
