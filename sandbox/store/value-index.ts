import { isMissing } from "./compare.ts";
import type { JsonObject } from "./json.ts";
import type { Placed } from "./order-index.ts";

/** Finds the rows of a table that have one text in a column, without case as MySQL compares text. */
export type ValueIndex = {
  add(placed: Placed): void;
  remove(row: JsonObject): void;
  clear(): void;
  /** In the order of insertion; undefined while the column holds anything but text, which compares in other ways. */
  find(text: string): Placed[] | undefined;
};

export function createValueIndex(field: string): ValueIndex {
  const found = new Map<string, Placed[]>();
  let others = 0;
  const keyOf = (row: JsonObject): string | undefined => {
    const value = row[field];
    return typeof value === "string" ? value.toLowerCase() : undefined;
  };
  const isOther = (row: JsonObject): boolean => !isMissing(row[field]) && typeof row[field] !== "string";
  return {
    add(placed) {
      if (isOther(placed.row)) others += 1;
      const key = keyOf(placed.row);
      if (key === undefined) return;
      const same = found.get(key);
      if (same === undefined) found.set(key, [placed]);
      else same.push(placed);
    },
    remove(row) {
      if (isOther(row)) others -= 1;
      const key = keyOf(row);
      const left = key === undefined ? undefined : found.get(key)?.filter((own) => own.row !== row);
      if (key === undefined || left === undefined) return;
      if (left.length === 0) found.delete(key);
      else found.set(key, left);
    },
    clear() {
      found.clear();
      others = 0;
    },
    find(text) {
      if (others > 0) return undefined;
      return [...(found.get(text.toLowerCase()) ?? [])].sort((a, b) => a.place - b.place);
    },
  };
}
