/** The shipments of an order (facts/magento.md section 3, "Shipment"): no money, only pieces and where they went from. */
import { divideHalfUp, e4Of, formatE4 } from "../../core/money.ts";
import type { Shipment } from "../../core/sale.ts";
import type { MagentoShipment } from "./documents.ts";
import { moneyItems } from "./items.ts";
import type { MagentoItem } from "./order.ts";
import type { Read } from "./read-documents.ts";
import type { Whole } from "./sale-parts.ts";

export const toShipments = (shipments: readonly Read<MagentoShipment>[], whole: Whole): Shipment[] =>
  shipments.map(({ document, id, number, at }) => {
    const own = document.extension_attributes;
    return {
      id,
      number,
      at,
      source: own.source_code,
      lines: shippedLines(document, whole.items),
      tracks: document.tracks.flatMap(({ carrier_code: carrier, title, track_number: track }) =>
        track === null ? [] : [{ carrier, title, number: track }],
      ),
      cost: amountOf(own.label_cost, own.label_cost_tax),
      fee: amountOf(own.shipping_fee, own.shipping_fee_tax),
    };
  });

const amountOf = (net: string | null, tax: string): Shipment["cost"] =>
  net === null || e4Of(net) === 0n ? null : { net, tax };

/** A bundle may be shipped by its parent alone, while its children are the lines: then each goes with it, in proportion. */
function shippedLines({ items: rows }: MagentoShipment, items: readonly MagentoItem[]): Shipment["lines"] {
  return moneyItems(items).flatMap(({ item, parent }) => {
    const own = rows.filter(({ order_item_id }) => order_item_id === item.item_id);
    const above = rows.find(({ order_item_id }) => parent !== null && order_item_id === parent.item_id);
    const quantities =
      own.length > 0 || above === undefined || parent === null
        ? own.map(({ qty }) => qty)
        : [inProportion(above.qty, item, parent)];
    return quantities.flatMap((quantity) =>
      item.item_id === undefined || e4Of(quantity) === 0n ? [] : [{ lineId: item.item_id, quantity }],
    );
  });
}

function inProportion(quantity: string, item: MagentoItem, parent: MagentoItem): string {
  const wholeE4 = e4Of(parent.qty_ordered);
  return wholeE4 <= 0n ? "0.00" : formatE4(divideHalfUp(e4Of(quantity) * e4Of(item.qty_ordered), wholeE4));
}
