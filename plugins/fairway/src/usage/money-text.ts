/** An amount without its currency. */
export function moneyText(amount: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2, minimumFractionDigits: 2 }).format(amount);
}
