/** Magento's searchCriteria grammar (facts/magento.md section 2), as the query of a signed request. */
import { assert } from "../../core/assert.ts";
import type { Query } from "./oauth.ts";

type Filter = {
  readonly field: string;
  readonly value: string;
  readonly condition: "eq" | "in" | "gteq";
};

export type Search = {
  /** Filters that must all hold: each is a group of its own. */
  readonly all?: readonly Filter[];
  /** Filters of which one must hold: they share a group. */
  readonly any?: readonly Filter[];
  readonly sort?: readonly { readonly field: string; readonly direction: "ASC" | "DESC" }[];
  readonly pageSize: number;
  readonly page?: number;
  /** Response filter, e.g. `items[entity_id],total_count`. */
  readonly fields?: string;
};

/** Names are sorted by the server in natural order and by us by bytes: the two agree only while indexes have one digit. */
export const FILTERS_MAX = 10;

export function searchQuery({ all = [], any = [], sort = [], pageSize, page = 1, fields }: Search): Query {
  const groups = [...all.map((filter) => [filter]), ...(any.length === 0 ? [] : [any])];
  assert(
    groups.every(({ length }) => length <= FILTERS_MAX),
    "a group has at most ten filters",
  );
  return [
    ...groups.flatMap((group, index) => group.flatMap((filter, place) => filterQuery(filter, index, place))),
    ...sort.flatMap(({ field, direction }, index) => [
      [`searchCriteria[sortOrders][${index}][field]`, field] as const,
      [`searchCriteria[sortOrders][${index}][direction]`, direction] as const,
    ]),
    ["searchCriteria[pageSize]", String(pageSize)],
    ["searchCriteria[currentPage]", String(page)],
    ...(fields === undefined ? [] : [["fields", fields] as const]),
  ];
}

function filterQuery({ field, value, condition }: Filter, group: number, place: number): Query {
  const path = `searchCriteria[filter_groups][${group}][filters][${place}]`;
  return [
    [`${path}[field]`, field],
    [`${path}[value]`, value],
    [`${path}[condition_type]`, condition],
  ];
}

/** Filters compare with columns in UTC without a zone: "2026-10-31 23:30:00". */
export const magentoTime = (instant: string): string => instant.slice(0, 19).replace("T", " ");
