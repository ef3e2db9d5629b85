import { compareForSort, isMissing, isTextColumn, isTime } from "./compare.ts";
import type { Json, JsonObject } from "./json.ts";

export type SortColumn = { field: string; sign: 1 | -1 };

/** A row of a table and its place in the order of insertion, which is the order of a list that asks for none. */
export type Placed = { row: JsonObject; place: number };

/**
 * A table's rows kept in one order, so that a list neither sorts nor reads them all. The last column must tell any two
 * rows apart.
 */
export type OrderIndex = {
  add(placed: Placed): void;
  remove(row: JsonObject): void;
  clear(): void;
  size(): number;
  /** From one position to before another, in this order. */
  between(from: number, to: number): Placed[];
  /** Whether the first column's values are all of one kind: values of several have no order that could be kept. */
  isUniform(): boolean;
  /**
   * Where the values of the first column split: the first position whose value is not before. Only where the column is
   * ascending and all of that kind, so that `isBefore` is true up to a position and false from there; else undefined.
   */
  split(kind: ValueKind, isBefore: (value: Json) => boolean): number | undefined;
};

/** Values that compare among themselves in one way whatever they are compared with. */
export type ValueKind = (typeof KINDS)[number];
const KINDS = ["number", "time", "text"] as const;

type Entry = Placed & { values: readonly (Json | undefined)[] };

export function createOrderIndex(columns: readonly SortColumn[], rows: Iterable<Placed>): OrderIndex {
  const texts = columns.map(({ field }) => isTextColumn(field));
  const kinds = new Map<ValueKind | "missing" | "other", number>();
  const count = ({ values: [first] }: Entry, by: 1 | -1): void => {
    const kind = kindOf(first, texts[0] === true);
    kinds.set(kind, (kinds.get(kind) ?? 0) + by);
  };
  const entryOf = ({ row, place }: Placed): Entry => ({
    row,
    place,
    values: columns.map(({ field }) => row[field]),
  });
  const compare = (a: Entry, b: Entry): number => {
    for (let index = 0; index < columns.length; index += 1) {
      const order = compareForSort(a.values[index], b.values[index], texts[index] === true);
      if (order !== 0) return order * (columns[index]?.sign ?? 1);
    }
    return 0;
  };
  const isAllOf = (kind: ValueKind): boolean =>
    (kinds.get(kind) ?? 0) + (kinds.get("missing") ?? 0) === entries.length;
  const entries = [...rows].map(entryOf).sort(compare);
  for (const entry of entries) count(entry, 1);
  return {
    add(placed) {
      const entry = entryOf(placed);
      count(entry, 1);
      entries.splice(
        firstWhere(entries, (own) => compare(own, entry) > 0),
        0,
        entry,
      );
    },
    remove(row) {
      const entry = entryOf({ row, place: 0 });
      const from = firstWhere(entries, (own) => compare(own, entry) >= 0);
      // Among mixed kinds there is no order to bisect by, but the row is there.
      const near = entries[from]?.row === row ? from : -1;
      const at = near >= 0 ? near : entries.findIndex((own) => own.row === row);
      if (at >= 0) entries.splice(at, 1);
      count(entry, -1);
    },
    clear() {
      entries.length = 0;
      kinds.clear();
    },
    size: () => entries.length,
    between: (from, to) => entries.slice(from, to),
    isUniform: () => KINDS.some(isAllOf),
    split(kind, isBefore) {
      if (!isAllOf(kind) || columns[0]?.sign !== 1) return undefined;
      return firstWhere(entries, ({ values: [value] }) => !isMissing(value) && !isBefore(value));
    },
  };
}

function kindOf(value: Json | undefined, isText: boolean): ValueKind | "missing" | "other" {
  if (isMissing(value)) return "missing";
  if (isText) return typeof value === "string" ? "text" : "other";
  if (typeof value === "number") return "number";
  return isTime(value) ? "time" : "other";
}

/** By bisection; the length where no entry is so. */
function firstWhere(entries: readonly Entry[], holds: (entry: Entry) => boolean): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && holds(entry)) high = middle;
    else low = middle + 1;
  }
  return low;
}
