import type { DocumentIds } from "./document-rows.ts";
import type { Json, JsonObject } from "./json.ts";
import { numberAt, textAt } from "./json.ts";
import { childrenOf, isTop, itemsOf, moveState } from "./order-state.ts";
import { stored4 } from "./php.ts";
import { addTo } from "./prorate.ts";

export type ShipmentRequest = {
  ids: DocumentIds;
  quantities: ReadonlyMap<string, number>;
  tracks: readonly { track_number: string; title: string; carrier_code: string }[];
  sourceCode: string;
};

/** A shipment: no money, only pieces. A bundle is shipped by its parent's id (magento.md 7). */
export function shipOrder(order: JsonObject, request: ShipmentRequest): JsonObject {
  const { ids } = request;
  const items = itemsOf(order).filter(
    (item) => isTop(item) && (request.quantities.get(textAt(item, "item_id")) ?? 0) > 0,
  );
  const rows = items.map((item, index): JsonObject => {
    const quantity = request.quantities.get(textAt(item, "item_id")) ?? 0;
    addTo(item, "qty_shipped", quantity);
    for (const child of childrenOf(order, item)) {
      const perParent = numberAt(child, "qty_ordered") / (numberAt(item, "qty_ordered") || 1);
      addTo(child, "qty_shipped", quantity * perParent);
    }
    return {
      entity_id: ids.firstItemId + index,
      name: textAt(item, "name"),
      parent_id: ids.entityId,
      price: numberAt(item, "price"),
      product_id: numberAt(item, "product_id"),
      sku: textAt(item, "sku"),
      weight: numberAt(item, "weight"),
      order_item_id: numberAt(item, "item_id"),
      qty: quantity,
    };
  });
  order.updated_at = ids.at;
  moveState(order, true);
  return {
    billing_address_id: numberAt(order, "billing_address_id"),
    created_at: ids.at,
    ...(order.customer_id === undefined ? {} : { customer_id: numberAt(order, "customer_id") }),
    entity_id: ids.entityId,
    increment_id: ids.incrementId,
    order_id: numberAt(order, "entity_id"),
    packages: [],
    store_id: numberAt(order, "store_id"),
    total_qty: stored4(rows.reduce((sum, row) => sum + numberAt(row, "qty"), 0)),
    updated_at: ids.at,
    items: rows,
    tracks: request.tracks.map(
      (track, index): Json => ({
        entity_id: ids.firstItemId + index,
        parent_id: ids.entityId,
        order_id: numberAt(order, "entity_id"),
        created_at: ids.at,
        updated_at: ids.at,
        ...track,
      }),
    ),
    comments: [],
    extension_attributes: { source_code: request.sourceCode },
  };
}
