import { MagentoError } from "./errors.ts";
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

const PAGE_SIZE_LIMIT = 300;
const PAGE_SIZE_DEFAULT = 20;

/** A repository's getList: filter, sort, page. */
export function search(
  rows: readonly JsonObject[],
  criteria: SearchCriteria,
  rules: SearchRules,
): JsonObject {
  assertFields(rows, criteria, rules);
  const read = (row: JsonObject, field: string): Json | undefined => rules.read?.(row, field) ?? row[field];
  const matching = rows.filter((row) =>
    criteria.groups.every(
      (group) => group.length === 0 || group.some((filter) => matches(read(row, filter.field), filter)),
    ),
  );
  const sorted = sortRows(matching, criteria, rules, read);
  const limited = applyLimits(criteria, rules);
  return {
    items: pageOf(sorted, limited, rules.pastEndRepeatsLastPage),
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
function pageOf(rows: JsonObject[], criteria: SearchCriteria, repeatsLastPage: boolean): JsonObject[] {
  const size = criteria.pageSize ?? 0;
  if (size <= 0) return rows;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const asked = Math.max(1, criteria.currentPage ?? 1);
  const page = repeatsLastPage ? Math.min(asked, pages) : asked;
  return rows.slice((page - 1) * size, page * size);
}

function sortRows(
  rows: JsonObject[],
  criteria: SearchCriteria,
  rules: SearchRules,
  read: (row: JsonObject, field: string) => Json | undefined,
): JsonObject[] {
  if (criteria.sort.length === 0) return rows;
  return [...rows].sort((a, b) => {
    for (const { field, direction } of criteria.sort) {
      const order = compareForSort(read(a, field), read(b, field), isTextColumn(field));
      if (order !== 0) return direction === "ASC" ? order : -order;
    }
    // Without a key at the end MySQL leaves ties open; the primary key is what it returns in practice.
    return compareForSort(a[rules.key], b[rules.key], isTextColumn(rules.key));
  });
}

function compareForSort(a: Json | undefined, b: Json | undefined, text: boolean): number {
  const empty = (value: Json | undefined): boolean => value === undefined || value === null;
  if (empty(a) || empty(b)) return Number(empty(b)) - Number(empty(a));
  return compareValues(a ?? "", String(b), text);
}

/** Columns of text: "000000012" is not 12 there. Numbers in dumps are text too, so the name has to tell. */
const isTextColumn = (field: string): boolean =>
  /(increment_id|real_id|sku|name|email|code|txn_id|status|state|_ids|transaction_id|type|type_id|postcode|taxvat)$/.test(
    field,
  );

/** Numbers compare as numbers, also when a dump sent them as text; text without case, as utf8_general_ci. */
function compareValues(a: Json, b: string, text: boolean): number {
  const left = typeof a === "boolean" ? Number(a) : a;
  const right = b === "true" ? "1" : b === "false" ? "0" : b;
  const numeric = isNumeric(left) && isNumeric(right) && !(text && typeof left === "string");
  if (numeric) return Number(left) - Number(right);
  const one = String(left).toLowerCase();
  const two = right.toLowerCase();
  return one < two ? -1 : one > two ? 1 : 0;
}

const isNumeric = (value: Json): boolean =>
  typeof value === "number" ||
  (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)));

type Test = (value: Json, wanted: string, text: boolean) => boolean;

/** Core splits at commas and does not trim. */
const inList: Test = (value, wanted, text) =>
  wanted.split(",").some((one) => compareValues(value, one, text) === 0);

const like: Test = (value, wanted) => {
  const escaped = wanted.replace(/[.+?^${}()|[\]\\*]/g, "\\$&");
  const pattern = escaped.replaceAll("%", "[\\s\\S]*").replaceAll("_", "[\\s\\S]");
  return new RegExp(`^${pattern}$`, "i").test(String(value));
};

const inSet: Test = (value, wanted) =>
  (Array.isArray(value) ? value.map(String) : String(value).split(",")).includes(wanted);

/** Condition types of magento.md 2; a null column satisfies none but null (SQL's three-valued logic). */
const TESTS: Record<string, Test> = {
  eq: (value, wanted, text) => compareValues(value, wanted, text) === 0,
  neq: (value, wanted, text) => compareValues(value, wanted, text) !== 0,
  gt: (value, wanted, text) => compareValues(value, wanted, text) > 0,
  gteq: (value, wanted, text) => compareValues(value, wanted, text) >= 0,
  moreq: (value, wanted, text) => compareValues(value, wanted, text) >= 0,
  from: (value, wanted, text) => compareValues(value, wanted, text) >= 0,
  lt: (value, wanted, text) => compareValues(value, wanted, text) < 0,
  lteq: (value, wanted, text) => compareValues(value, wanted, text) <= 0,
  to: (value, wanted, text) => compareValues(value, wanted, text) <= 0,
  in: inList,
  nin: (value, wanted, text) => !inList(value, wanted, text),
  like,
  nlike: (value, wanted, text) => !like(value, wanted, text),
  finset: inSet,
  nfinset: (value, wanted, text) => !inSet(value, wanted, text),
};

function matches(value: Json | undefined, filter: Filter): boolean {
  const missing = value === undefined || value === null;
  if (filter.condition === "null") return missing;
  if (filter.condition === "notnull") return !missing;
  if (missing) return false;
  const test = TESTS[filter.condition];
  if (test === undefined) throw unknownCondition(filter);
  const wanted = isDateField(filter.field) ? toDatetime(filter) : filter.value;
  return test(value, wanted, isTextColumn(filter.field));
}

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
