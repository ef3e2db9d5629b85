import { comparerTo, isNumeric, isTextColumn, isTime } from "./compare.ts";
import type { Json, JsonObject } from "./json.ts";
import type { OrderIndex, SortColumn, ValueKind } from "./order-index.ts";
import type { Filter, SearchCriteria, SortOrder } from "./search-criteria.ts";
import type { TableRows } from "./table-rows.ts";
import { tableOf } from "./table-rows.ts";

/** Columns by which connectors look for what is new or for one document; a range of one is found by bisection. */
const RANGED = new Set(["updated_at", "created_at", "increment_id", "entity_id", "order_id"]);

/** Rows and the filter groups that are still to be run on them; sorted unless told otherwise. */
export type Found = { rows: readonly JsonObject[]; groups: readonly Filter[][]; isUnsorted?: true };

/**
 * Uses the orders and look-ups that a table keeps: no sorting, and of one filter no reading either. Undefined where the rows are
 * no table's snapshot or no kept order helps; then the whole list has to be read. `wantedOf` is the value as the column
 * would hold it.
 */
export function findIndexed(
  rows: readonly JsonObject[],
  criteria: SearchCriteria,
  key: string,
  wantedOf: (filter: Filter) => string,
): Found | undefined {
  const table = tableOf(rows);
  if (table === undefined) return undefined;
  const groups = criteria.groups.filter((group) => group.length > 0);
  const lookedUp = lookUp(table, groups, wantedOf);
  if (lookedUp !== undefined) return lookedUp;
  const position = groups.findIndex(([first, ...others]) => others.length === 0 && isRanged(first, criteria));
  const filter = groups[position]?.[0];
  if (criteria.sort.length === 0 && filter === undefined) return undefined;
  const index = table.ordered(columnsOf(criteria.sort, key, filter));
  if (!index.isUniform()) return undefined;
  const range = filter === undefined ? undefined : rangeOf(index, filter, wantedOf(filter));
  if (range === undefined) return criteria.sort.length === 0 ? undefined : { rows: rowsOf(index), groups };
  const rest = groups.filter((_, other) => other !== position);
  const found = index.between(range.from, range.to);
  if (criteria.sort.length === 0) found.sort((a, b) => a.place - b.place);
  return { rows: found.map(({ row }) => row), groups: rest };
}

/** One value of a column that the table looks up by leaves so few rows that sorting them is nothing. */
function lookUp(
  table: TableRows,
  groups: readonly Filter[][],
  wantedOf: (filter: Filter) => string,
): Found | undefined {
  for (const [position, [filter, ...others]] of groups.entries()) {
    if (filter === undefined || others.length > 0 || filter.condition !== "eq") continue;
    const wanted = wantedOf(filter);
    if (kindOfWanted(filter.field, wanted) !== "text") continue;
    const found = table.valuesOf(filter.field)?.find(wanted);
    if (found === undefined) continue;
    const rest = groups.filter((_, other) => other !== position);
    return { rows: found.map(({ row }) => row), groups: rest, isUnsorted: true };
  }
  return undefined;
}

/** A range helps when the list is asked for in that column's order, or in none. */
function isRanged(filter: Filter | undefined, { sort }: SearchCriteria): boolean {
  if (filter === undefined || !RANGED.has(filter.field) || RANGES[filter.condition] === undefined)
    return false;
  const [first] = sort;
  return first === undefined || (first.field === filter.field && first.direction === "ASC");
}

/** Nothing behind the key changes an order. Without a key at the end MySQL leaves ties open; it returns them by key. */
function columnsOf(sort: readonly SortOrder[], key: string, filter: Filter | undefined): SortColumn[] {
  const asked: SortColumn[] = sort.map(({ field, direction }) => ({
    field,
    sign: direction === "ASC" ? 1 : -1,
  }));
  const columns =
    asked.length === 0 && filter !== undefined ? [{ field: filter.field, sign: 1 as const }] : asked;
  const at = columns.findIndex(({ field }) => field === key);
  return at < 0 ? [...columns, { field: key, sign: 1 }] : columns.slice(0, at + 1);
}

const rowsOf = (index: OrderIndex): JsonObject[] => index.between(0, index.size()).map(({ row }) => row);

/** By the sign of the comparison with the wanted value: what lies before the range, and what is still within. */
const RANGES: Readonly<
  Record<string, { before: (order: number) => boolean; within: ((order: number) => boolean) | undefined }>
> = {
  eq: { before: (order) => order < 0, within: (order) => order <= 0 },
  gt: { before: (order) => order <= 0, within: undefined },
  gteq: { before: (order) => order < 0, within: undefined },
  moreq: { before: (order) => order < 0, within: undefined },
  from: { before: (order) => order < 0, within: undefined },
  lt: { before: () => false, within: (order) => order < 0 },
  lteq: { before: () => false, within: (order) => order <= 0 },
  to: { before: () => false, within: (order) => order <= 0 },
};

function rangeOf(
  index: OrderIndex,
  { field, condition }: Filter,
  wanted: string,
): { from: number; to: number } | undefined {
  const rule = RANGES[condition];
  const kind = kindOfWanted(field, wanted);
  if (rule === undefined || kind === undefined) return undefined;
  const compare = comparerTo(wanted, isTextColumn(field));
  const { before, within } = rule;
  const splitAt = (holds: (order: number) => boolean): number | undefined =>
    index.split(kind, (value: Json) => holds(compare(value)));
  const from = splitAt(before);
  const to = within === undefined ? index.size() : splitAt(within);
  return from === undefined || to === undefined ? undefined : { from, to };
}

function kindOfWanted(field: string, wanted: string): ValueKind | undefined {
  // "true" and "false" are 1 and 0 to MySQL, which is no order of text.
  if (isTextColumn(field)) return wanted === "true" || wanted === "false" ? undefined : "text";
  if (isTime(wanted)) return "time";
  return isNumeric(wanted) ? "number" : undefined;
}
