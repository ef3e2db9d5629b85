/** What the catalogue calls a product of which an order knows the id and no sku. No sku of a shop looks like it. */
const PREFIX = "product_id=";

export const keyOfId = (id: string): string => `${PREFIX}${id}`;

/** The id, or `undefined` for a sku. */
export const idOfKey = (key: string): string | undefined =>
  key.startsWith(PREFIX) ? key.slice(PREFIX.length) : undefined;
