import { compareForSort, comparerTo, isMissing, isTextColumn } from "./compare.ts";
import { MagentoError } from "./errors.ts";
import type { Found } from "./indexed-search.ts";
import { findIndexed } from "./indexed-search.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Filter, SearchCriteria } from "./search-criteria.ts";
import { echoCriteria } from "./search-criteria.ts";

export type SearchRules = {
  /** Fields that exist as columns although a row may lack them (null is left out of the JSON). */
  columns: readonly string[];
  /** The tie-break and default order; rows are stored by it. */
  key: string;
  /** EAV entities (products, customers) refuse unknown names in other words than flat tables do. */
  eav: boolean;
  /** Attributes that are not top-level in the JSON. */
  read?: (row: JsonObject, field: string) => Json | undefined;
  pastEndRepeatsLastPage: boolean;
  inputLimits: boolean;
};

type Read = (row: JsonObject, field: string) => Json | undefined;

const PAGE_SIZE_LIMIT = 300;
const PAGE_SIZE_DEFAULT = 20;

/** A repository's getList: filter, sort, page. */
export function search(
  rows: readonly JsonObject[],
  criteria: SearchCriteria,
  rules: SearchRules,
): JsonObject {
  assertFields(rows, criteria, rules);
  const read: Read = (row, field) => rules.read?.(row, field) ?? row[field];
  // Attributes that are not members have no order that a table could keep.
  const indexed =
    rules.read === undefined ? findIndexed(rows, criteria, rules.key, columnValueOf) : undefined;
  const found: Found = indexed ?? { rows, groups: criteria.groups, isUnsorted: true };
  const groups = found.groups
    .filter((group) => group.length > 0)
    .map((group) => group.map((filter) => compileFilter(filter, read)));
  const kept =
    groups.length === 0
      ? found.rows
      : found.rows.filter((row) => groups.every((tests) => tests.some((test) => test(row))));
  const matching = found.isUnsorted ? sortRows(kept, criteria, rules, read) : kept;
  const limited = applyLimits(criteria, rules);
  return {
    items: pageOf(matching, limited, rules.pastEndRepeatsLastPage),
    search_criteria: echoCriteria(limited),
    total_count: matching.length,
  };
}

function applyLimits(criteria: SearchCriteria, rules: SearchRules): SearchCriteria {
  if (!rules.inputLimits) return criteria;
  if (criteria.pageSize === undefined) return { ...criteria, pageSize: PAGE_SIZE_DEFAULT };
  if (criteria.pageSize > PAGE_SIZE_LIMIT) {
    throw new MagentoError(400, "Maximum SearchCriteria pageSize is %max", { max: PAGE_SIZE_LIMIT });
  }
  return criteria;
}

/** Collection::getCurPage: page 0 or less is page 1; past the end is the last page, unless switched. */
function pageOf(
  rows: readonly JsonObject[],
  criteria: SearchCriteria,
  repeatsLastPage: boolean,
): JsonObject[] {
  const size = criteria.pageSize ?? 0;
  if (size <= 0) return [...rows];
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const asked = Math.max(1, criteria.currentPage ?? 1);
  const page = repeatsLastPage ? Math.min(asked, pages) : asked;
  return rows.slice((page - 1) * size, page * size);
}

function sortRows(
  rows: readonly JsonObject[],
  criteria: SearchCriteria,
  rules: SearchRules,
  read: Read,
): readonly JsonObject[] {
  if (criteria.sort.length === 0) return rows;
  // Without a key at the end MySQL leaves ties open; the primary key is what it returns in practice.
  const columns = [
    ...criteria.sort.map(({ field, direction }) => ({
      of: (row: JsonObject) => read(row, field),
      isText: isTextColumn(field),
      sign: direction === "ASC" ? 1 : -1,
    })),
    { of: (row: JsonObject) => row[rules.key], isText: isTextColumn(rules.key), sign: 1 },
  ];
  return [...rows].sort((a, b) => {
    for (const { of, isText, sign } of columns) {
      const order = compareForSort(of(a), of(b), isText);
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}

/** What a condition asks of a column's value; made once per request and run on every row. */
type Test = (value: Json) => boolean;
type MakeTest = (wanted: string, text: boolean) => Test;

const comparing =
  (holds: (order: number) => boolean): MakeTest =>
  (wanted, text) => {
    const compare = comparerTo(wanted, text);
    return (value) => holds(compare(value));
  };

const not =
  (make: MakeTest): MakeTest =>
  (wanted, text) => {
    const test = make(wanted, text);
    return (value) => !test(value);
  };

/** Core splits at commas and does not trim. */
const inList: MakeTest = (wanted, text) => {
  const comparers = wanted.split(",").map((one) => comparerTo(one, text));
  return (value) => comparers.some((compare) => compare(value) === 0);
};

const like: MakeTest = (wanted) => {
  const escaped = wanted.replace(/[.+?^${}()|[\]\\*]/g, "\\$&");
  const pattern = escaped.replaceAll("%", "[\\s\\S]*").replaceAll("_", "[\\s\\S]");
  const expression = new RegExp(`^${pattern}$`, "i");
  return (value) => expression.test(String(value));
};

const inSet: MakeTest = (wanted) => (value) =>
  (Array.isArray(value) ? value.map(String) : String(value).split(",")).includes(wanted);

const atLeast = comparing((order) => order >= 0);
const atMost = comparing((order) => order <= 0);

/** Condition types of magento.md 2; a null column satisfies none but null (SQL's three-valued logic). */
const TESTS: Record<string, MakeTest> = {
  eq: comparing((order) => order === 0),
  neq: comparing((order) => order !== 0),
  gt: comparing((order) => order > 0),
  gteq: atLeast,
  moreq: atLeast,
  from: atLeast,
  lt: comparing((order) => order < 0),
  lteq: atMost,
  to: atMost,
  in: inList,
  nin: not(inList),
  like,
  nlike: not(like),
  finset: inSet,
  nfinset: not(inSet),
};

function compileFilter(filter: Filter, read: Read): (row: JsonObject) => boolean {
  const { field, condition } = filter;
  if (condition === "null") return (row) => isMissing(read(row, field));
  if (condition === "notnull") return (row) => !isMissing(read(row, field));
  const make = TESTS[condition];
  if (make === undefined) throw unknownCondition(filter);
  const test = make(columnValueOf(filter), isTextColumn(field));
  return (row) => {
    const value = read(row, field);
    return !isMissing(value) && test(value);
  };
}

const columnValueOf = (filter: Filter): string =>
  isDateField(filter.field) ? toDatetime(filter) : filter.value;

const isDateField = (field: string): boolean => /_at$/.test(field);

const DATETIME = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?$/;

/** MySQL takes a day for its midnight and refuses zones and milliseconds, which these columns do not have. */
function toDatetime(filter: Filter): string {
  if (filter.condition === "like" || filter.condition === "nlike") return filter.value;
  const dates = filter.value.split(",").map((text) => {
    const trimmed = text.trim();
    if (!DATETIME.test(trimmed)) {
      throw new MagentoError(
        400,
        `SQLSTATE[HY000]: General error: 1525 Incorrect DATETIME value: '${trimmed}', query was: SELECT COUNT(*) FROM ...`,
      );
    }
    return `${trimmed.replace("T", " ")}${["", " 00:00:00", ":00"][trimmed.length === 10 ? 1 : trimmed.length === 16 ? 2 : 0]}`;
  });
  return dates.join(",");
}

function unknownCondition(filter: Filter): MagentoError {
  return new MagentoError(
    400,
    `SQLSTATE[42000]: Syntax error or access violation: 1064 near '${filter.condition}' in 'where clause'`,
  );
}

function assertFields(rows: readonly JsonObject[], criteria: SearchCriteria, rules: SearchRules): void {
  const known = (field: string): boolean =>
    rules.columns.includes(field) || rows.some((row) => isScalar(rules.read?.(row, field) ?? row[field]));
  for (const { field, clause } of [
    ...criteria.groups.flat().map((filter) => ({ field: filter.field, clause: "where clause" })),
    ...criteria.sort.map((sort) => ({ field: sort.field, clause: "order clause" })),
  ]) {
    if (known(field)) continue;
    if (rules.eav) {
      throw new MagentoError(400, 'The "%1" attribute name is invalid. Reset the name and try again.', [
        field,
      ]);
    }
    throw new MagentoError(
      400,
      `SQLSTATE[42S22]: Column not found: 1054 Unknown column 'main_table.${field}' in '${clause}'`,
    );
  }
  for (const filter of criteria.groups.flat()) {
    const nullTest = filter.condition === "null" || filter.condition === "notnull";
    if (!nullTest && TESTS[filter.condition] === undefined) throw unknownCondition(filter);
    // A wrong date is refused even when no row is there to compare it with.
    if (!nullTest && isDateField(filter.field)) toDatetime(filter);
  }
}

const isScalar = (value: Json | undefined): boolean => value !== undefined && typeof value !== "object";
