import type { Scenario } from "../shared/scenario.ts";
import type { ActionContext } from "./actions.ts";
import { requiredField, wrongType } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import type { QueryTree } from "./php-query.ts";
import type { Shop } from "./shop.ts";
import type { Transaction } from "./state.ts";

/** What a route gets: the request, the shop and one transaction that is journaled when the route returns. */
export type RouteContext = {
  params: Readonly<Record<string, string>>;
  query: QueryTree;
  /** Undefined when the request has no body. */
  body: Json | undefined;
  transaction: Transaction;
  shop: Shop;
  scenario: Scenario;
  storeUrl: string;
  now: string;
  /** A bearer token with every right, good for an hour. */
  issueAdminToken(): string;
};

export type Route = {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below /V1/, with :names. */
  path: string;
  /** ACL resource of the integration that the route needs (magento.md 1), or anonymous. */
  resource: string;
  run(context: RouteContext): Json;
};

export const actionContext = ({ transaction, shop, now }: RouteContext): ActionContext => ({
  transaction,
  shop,
  now,
});

/** A numeric path parameter; ServiceInputProcessor refuses anything else with 400. */
export function idParam(context: RouteContext, name: string): number {
  const text = context.params[name] ?? "";
  if (!/^-?\d+$/.test(text)) throw wrongType(text, "int");
  return Number(text);
}

export const textParam = (context: RouteContext, name: string): string => context.params[name] ?? "";

export const bodyObject = (context: RouteContext): JsonObject => (isObject(context.body) ? context.body : {});

/** Body parameters are named: {"statusHistory": {...}}. A missing one is a 400 that names it. */
export function bodyParam(context: RouteContext, name: string): JsonObject {
  const value = eitherSpelling(bodyObject(context), name);
  if (value === undefined) throw requiredField(name);
  if (!isObject(value)) throw wrongType(String(value), name);
  return value;
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const eitherSpelling = (from: JsonObject, name: string): Json | undefined =>
  from[name] ?? from[snake(name)];
