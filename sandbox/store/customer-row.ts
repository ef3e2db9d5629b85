import type { JsonObject } from "./json.ts";
import type { Person, Place } from "./people.ts";

/** A customer as GET /V1/customers/:id answers it, with one address. */
export function customerRow(input: {
  id: number;
  groupId: number;
  person: Person;
  email: string;
  place: Place;
  createdAt: string;
  createdIn: string;
  isSubscribed: boolean;
}): JsonObject {
  const { id, person, place, createdAt } = input;
  const addressId = id * 10 + 1;
  return {
    id,
    group_id: input.groupId,
    default_billing: String(addressId),
    default_shipping: String(addressId),
    created_at: createdAt,
    updated_at: createdAt,
    created_in: input.createdIn,
    email: input.email,
    firstname: person.firstname,
    lastname: person.lastname,
    store_id: 1,
    ...(person.taxvat ? { taxvat: person.taxvat } : {}),
    website_id: 1,
    addresses: [
      {
        id: addressId,
        customer_id: id,
        region: {
          region_code: place.region?.code ?? null,
          region: place.region?.name ?? null,
          region_id: place.region?.id ?? 0,
        },
        region_id: place.region?.id ?? 0,
        country_id: place.country,
        street: place.street,
        ...(person.company ? { company: person.company } : {}),
        telephone: place.telephone,
        postcode: place.postcode,
        city: place.city,
        firstname: person.firstname,
        lastname: person.lastname,
        default_shipping: true,
        default_billing: true,
      },
    ],
    disable_auto_group_change: 0,
    extension_attributes: { is_subscribed: input.isSubscribed },
  };
}
