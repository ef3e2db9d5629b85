/** The custom options of an item, whose price is inside the item's. They are decoration: what cannot be read is left out. */
import type { SaleLine } from "../../core/sale.ts";
import { isRecord } from "./fields.ts";
import { parseExactJson } from "./json.ts";
import type { MagentoItem } from "./order.ts";

type Option = SaleLine["options"][number];

/** A dump names options and their values; REST has the ids of both only (its OpenAPI, custom-option-interface). */
export function optionsOf({ product_option, product_options }: MagentoItem): Option[] {
  const dumped = membersOf(memberOf(ofText(product_options), "options")).flatMap(namedOption);
  if (dumped.length > 0) return dumped;
  return membersOf(memberOf(memberOf(product_option, "extension_attributes"), "custom_options")).flatMap(
    numberedOption,
  );
}

function namedOption(option: unknown): Option[] {
  const label = textOf(memberOf(option, "label"));
  const value = textOf(memberOf(option, "print_value")) ?? textOf(memberOf(option, "value"));
  return label === undefined || value === undefined ? [] : [{ label, value }];
}

function numberedOption(option: unknown): Option[] {
  const id = textOf(memberOf(option, "option_id"));
  const value = textOf(memberOf(option, "option_value"));
  return id === undefined || value === undefined ? [] : [{ label: `Option ${id}`, value }];
}

/** The column holds JSON; a dump may show it unread. */
function ofText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const json = parseExactJson(value);
  return json.ok ? json.value : undefined;
}

const memberOf = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);

const membersOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];

const textOf = (value: unknown): string | undefined =>
  (typeof value === "string" && value !== "") || typeof value === "number" ? String(value) : undefined;
