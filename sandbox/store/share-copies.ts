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

/** Where a copy was: the item it is a copy of. */
const COPY_OF = "$copyOf";

/** The order for the journal: shared copies are written as references, so that it takes half the room. */
export function withoutCopies(order: JsonObject): JsonObject {
  const items = objects(order.items);
  const refer = (copy: Json): Json =>
    isObject(copy) && items.includes(copy) ? { [COPY_OF]: textAt(copy, "item_id") } : copy;
  return replaceCopies(order, refer);
}

/** The order as it was, its copies shared again. Items are changed in place: others refer to the very same objects. */
export function withCopies(order: JsonObject): JsonObject {
  const byId = new Map(objects(order.items).map((item) => [textAt(item, "item_id"), item]));
  const restore = (copy: Json): Json =>
    isObject(copy) && typeof copy[COPY_OF] === "string" ? (byId.get(copy[COPY_OF]) ?? copy) : copy;
  for (const item of byId.values()) {
    if (isObject(item.parent_item)) item.parent_item = restore(item.parent_item);
  }
  return { ...order, ...replaceAssigned(order, restore) };
}

/** Members keep their places, because what is stored is compared and sent byte by byte. */
function replaceCopies(order: JsonObject, replace: (copy: Json) => Json): JsonObject {
  if (!Array.isArray(order.items)) return order;
  const items = order.items.map((item) =>
    isObject(item) && isObject(item.parent_item) ? { ...item, parent_item: replace(item.parent_item) } : item,
  );
  return { ...order, ...replaceAssigned(order, replace), items };
}

function replaceAssigned(order: JsonObject, replace: (copy: Json) => Json): JsonObject {
  const extension = order.extension_attributes;
  if (!isObject(extension) || !Array.isArray(extension.shipping_assignments)) return {};
  const assigned = extension.shipping_assignments.map((assignment) =>
    isObject(assignment) && Array.isArray(assignment.items)
      ? { ...assignment, items: assignment.items.map(replace) }
      : assignment,
  );
  return { extension_attributes: { ...extension, shipping_assignments: assigned } };
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
