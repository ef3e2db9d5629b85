import { z } from "zod";

/** What POST /__sandbox/order takes; every key but items has a default that fits the shop. */
export const OrderRequest = z.strictObject({
  items: z
    .array(
      z.strictObject({
        sku: z.string(),
        qty: z.number().positive().default(1),
        /** A custom price, in the shop's base currency and convention (with or without tax). */
        price: z.number().optional(),
        /** Gift wrapping of each piece, without tax. */
        wrapping: z.number().positive().optional(),
        /** Of a configurable product: the variant. */
        variant: z.string().optional(),
      }),
    )
    .min(1),
  storeView: z.string().optional(),
  country: z.string().length(2).optional(),
  /** Where the customer lives; without it the usual address of the country. A region goes by its code. */
  address: z
    .strictObject({
      street: z.array(z.string()).min(1),
      city: z.string(),
      region: z.string().optional(),
      postcode: z.string(),
      telephone: z.string(),
    })
    .optional(),
  customer: z
    .strictObject({
      id: z.number().int().optional(),
      groupId: z.number().int().default(0),
      email: z.string(),
      firstname: z.string(),
      lastname: z.string(),
      company: z.string().optional(),
      taxvat: z.string().optional(),
    })
    .optional(),
  paymentMethod: z.string().optional(),
  paymentInfo: z.record(z.string(), z.string()).optional(),
  shipping: z
    .strictObject({ code: z.string(), description: z.string(), amount: z.number().nonnegative() })
    .optional(),
  discounts: z
    .array(
      z.strictObject({
        action: z.enum(["by_percent", "by_fixed", "cart_fixed", "buy_x_get_y"]),
        amount: z.number().positive(),
        step: z.number().positive().optional(),
        maxQuantity: z.number().positive().optional(),
        toShipping: z.boolean().default(false),
        stop: z.boolean().default(false),
      }),
    )
    .default([]),
  coupon: z.string().optional(),
  giftCards: z.array(z.strictObject({ code: z.string(), amount: z.number().positive() })).default([]),
  customerBalance: z.number().positive().optional(),
  reward: z.strictObject({ points: z.number().int().positive(), amount: z.number().positive() }).optional(),
  /** Gift wrapping of the whole order and a printed card, without tax. */
  wrapping: z
    .strictObject({ order: z.number().positive().optional(), card: z.number().positive().optional() })
    .default({}),
  /** Settings of this order only, to try a shop that is configured otherwise. */
  settings: z
    .strictObject({
      algorithm: z.enum(["UNIT_BASE_CALCULATION", "ROW_BASE_CALCULATION", "TOTAL_BASE_CALCULATION"]),
      pricesIncludeTax: z.boolean(),
      shippingIncludesTax: z.boolean(),
      taxAfterDiscount: z.boolean(),
      discountOnInclusive: z.boolean(),
      crossBorder: z.boolean(),
      fptTaxed: z.boolean(),
      fptInSubtotal: z.boolean(),
      fptRounding: z.enum(["plain", "delta"]),
    })
    .partial()
    .optional(),
  createdAt: z.string().optional(),
  incrementId: z.string().optional(),
  /** Increment id of the order this one replaces by edit (accounting.md 1.2 point 9). */
  edits: z.string().optional(),
  /** The gateway authorizes the total at checkout; an invoice captures it later. */
  authorize: z.boolean().default(false),
  invoice: z.boolean().default(false),
  ship: z.boolean().default(false),
});
export type OrderRequest = z.infer<typeof OrderRequest>;
