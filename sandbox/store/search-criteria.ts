import { MagentoError, requiredField } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import { compact } from "./json.ts";
import type { QueryTree } from "./php-query.ts";

export type Filter = { field: string; value: string; condition: string };
export type SortOrder = { field: string; direction: "ASC" | "DESC" };
export type SearchCriteria = {
  /** Filters of one group are alternatives; groups must all match (magento.md 2). */
  groups: Filter[][];
  sort: SortOrder[];
  pageSize: number | undefined;
  currentPage: number | undefined;
};

/** Reads search criteria in both spellings; they are required even when empty (magento.md 2). */
export function parseSearchCriteria(query: QueryTree): SearchCriteria {
  const raw = either(query, "searchCriteria", "search_criteria");
  if (raw === undefined) throw requiredField("searchCriteria");
  const tree = typeof raw === "string" ? {} : raw;
  return {
    groups: listOf(either(tree, "filterGroups", "filter_groups")).map((group) =>
      listOf(treeOf(group).filters).map(toFilter),
    ),
    sort: listOf(either(tree, "sortOrders", "sort_orders")).map(toSort),
    pageSize: toInteger(either(tree, "pageSize", "page_size")),
    currentPage: toInteger(either(tree, "currentPage", "current_page")),
  };
}

/** search_criteria as the answer repeats it. */
export function echoCriteria(criteria: SearchCriteria): JsonObject {
  return compact({
    filter_groups: criteria.groups.map((group) => ({
      filters: group.map(({ field, value, condition }) => ({ field, value, condition_type: condition })),
    })),
    sort_orders:
      criteria.sort.length === 0
        ? undefined
        : criteria.sort.map(({ field, direction }) => ({ field, direction })),
    page_size: criteria.pageSize,
    current_page: criteria.currentPage,
  });
}

type Node = string | QueryTree | undefined;

const either = (tree: QueryTree, camel: string, snake: string): Node => tree[camel] ?? tree[snake];
const treeOf = (node: Node): QueryTree => (typeof node === "object" ? node : {});
const listOf = (node: Node): Node[] => Object.values(treeOf(node));

function toFilter(node: Node): Filter {
  const tree = treeOf(node);
  const field = tree.field;
  if (typeof field !== "string" || field === "") {
    throw new MagentoError(400, '"%fieldName" is required. Enter and try again.', { fieldName: "field" });
  }
  const condition = either(tree, "conditionType", "condition_type");
  const value = tree.value;
  const values =
    typeof value === "object" ? Object.values(value).filter((one) => typeof one === "string") : [];
  return {
    field,
    value: typeof value === "string" ? value : values.join(","),
    condition: typeof condition === "string" && condition !== "" ? condition : "eq",
  };
}

function toSort(node: Node): SortOrder {
  const tree = treeOf(node);
  const field = tree.field;
  if (typeof field !== "string" || field === "") {
    throw new MagentoError(400, '"%fieldName" is required. Enter and try again.', { fieldName: "field" });
  }
  const direction = tree.direction;
  if (direction === undefined || direction === "") return { field, direction: "DESC" };
  const upper = typeof direction === "string" ? direction.toUpperCase() : "";
  if (upper === "ASC" || upper === "DESC") return { field, direction: upper };
  throw new MagentoError(
    400,
    "The sort order has to be specified as ASC for ascending order or DESC for descending order.",
  );
}

function toInteger(node: Node): number | undefined {
  if (node === undefined || node === "") return undefined;
  if (typeof node !== "string" || !/^-?\d+$/.test(node.trim())) {
    const value = typeof node === "string" ? node : "Array";
    throw new MagentoError(
      400,
      `The "${value}" value's type is invalid. The "int" type was expected. Verify and try again.`,
    );
  }
  return Number(node);
}
