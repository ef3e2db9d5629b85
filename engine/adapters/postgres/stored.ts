/**
 * Rows that an earlier version of the program wrote, read by this one. What such a row does not say has the schema's default:
 * a published mapping stays what it was, and an order that was read before is planned without reading it again.
 */
import { MappingSpec } from "../../core/mapping.ts";
import { Org } from "../../core/org.ts";
import { CanonicalSale } from "../../core/sale.ts";
import type { Json } from "../../core/shapes.ts";

export const storedSpec = (spec: MappingSpec): MappingSpec => MappingSpec.parse(spec);

/** Parsed only where it is of an earlier version: thousands are read for one replay. */
export const storedSale = (sale: CanonicalSale): CanonicalSale =>
  sale.creditMemos === undefined ? CanonicalSale.parse(sale) : sale;

/** A mirror of an earlier version is no mirror: it is read again from the ledger. */
export const isStoredOrg = (content: Json): boolean => Org.safeParse(content).success;
