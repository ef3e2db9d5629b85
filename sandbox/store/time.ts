/** Magento's dates: UTC, seconds, no zone (magento.md 2). */
export const magentoTime = (date: Date): string => date.toISOString().slice(0, 19).replace("T", " ");
