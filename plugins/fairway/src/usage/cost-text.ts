/** What requests or GPUs cost together, without the currency. Undefined where nothing of it has a price: that is not free. */
export function costText(cost: number, unpriced: number, language: string): string | undefined {
  if (cost === 0 && unpriced > 0) return undefined;
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2, minimumFractionDigits: 2 }).format(cost);
}
