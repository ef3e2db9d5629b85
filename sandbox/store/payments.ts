/** Payment methods by Magento's codes, with the titles a shop shows. */
const TITLES: Record<string, string> = {
  stripe_payments: "Pay by Card (Stripe)",
  paypal_express: "PayPal Express Checkout",
  banktransfer: "Bank Transfer Payment",
  checkmo: "Check / Money order",
  cashondelivery: "Cash On Delivery",
  purchaseorder: "Purchase Order",
  free: "No Payment Information Required",
};

export const paymentTitle = (method: string): string => TITLES[method] ?? titled(method);

const titled = (method: string): string =>
  method
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");

/** Methods whose money arrives through a gateway at once; the others wait for a person. */
export const isOnline = (method: string): boolean =>
  !["banktransfer", "checkmo", "cashondelivery", "purchaseorder", "free"].includes(method);
