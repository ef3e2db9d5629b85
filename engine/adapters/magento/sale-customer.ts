/** Who bought, and where it goes. Text written by buyers passes through as data. */
import { createHash } from "node:crypto";
import type { StoreProfile } from "../../core/org.ts";
import type { Address, CanonicalSale } from "../../core/sale.ts";
import type { MagentoAddress, MagentoOrder } from "./order.ts";

const KEY_HEX_DIGITS = 12;

/**
 * A guest is the person behind an e-mail address. An order that names neither customer nor e-mail (they were removed from it)
 * still has its own contact where it has an address: two such orders are never taken for one person.
 */
export function customerKey(order: MagentoOrder): string | undefined {
  const id = customerId(order);
  if (id !== undefined) return `C${id}`;
  if (order.customer_email !== null) {
    const email = order.customer_email.trim().toLowerCase();
    return `G${createHash("sha256").update(email).digest("hex").slice(0, KEY_HEX_DIGITS)}`;
  }
  return billingOf(order) === null ? undefined : `O${order.increment_id}`;
}

/** Some dumps write 0 for a guest. */
const customerId = ({ customer_id }: MagentoOrder): string | undefined =>
  customer_id === "0" ? undefined : customer_id;

export function toCustomer(
  order: MagentoOrder,
  key: string,
  { customerGroups }: StoreProfile,
): CanonicalSale["customer"] {
  const group = customerGroups.find(({ id }) => id === order.customer_group_id);
  return {
    key,
    registered: customerId(order) !== undefined,
    groupId: order.customer_group_id ?? null,
    group: group?.name ?? null,
    taxClass: group?.taxClass ?? null,
    email: order.customer_email,
    firstName: order.customer_firstname,
    lastName: order.customer_lastname,
    vatId: order.customer_taxvat,
  };
}

/** REST names the billing address, dumps list all of them with their type. */
export const billingOf = (order: MagentoOrder): MagentoAddress | null =>
  order.billing_address ?? addressOfType(order, "billing");

/** REST keeps the shipping address among the shipping assignments only. */
export const shipToOf = (order: MagentoOrder): MagentoAddress | null =>
  order.extension_attributes.shipping_assignments[0]?.shipping.address ??
  order.shipping_address ??
  addressOfType(order, "shipping");

const addressOfType = ({ addresses }: MagentoOrder, type: string): MagentoAddress | null =>
  addresses.find(({ address_type }) => address_type === type) ?? null;

export const toAddress = (address: MagentoAddress): Address => ({
  firstName: address.firstname,
  lastName: address.lastname,
  company: address.company,
  street: address.street.filter((line) => line !== null),
  city: address.city,
  region: address.region,
  postcode: address.postcode,
  country: address.country_id,
  phone: address.telephone,
  vatId: address.vat_id,
  vatIdValid: address.vat_is_valid,
});
