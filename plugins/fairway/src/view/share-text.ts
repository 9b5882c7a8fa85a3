/** A share of 1 in percent, with digits where they decide: 99.95 %, 97.2 %, 0 %. Never rounded up to 100 %. */
export function shareText(share: number): string {
  const percent = 100 * share;
  const digits = Math.abs(percent) > 99 && Math.abs(percent) < 100 ? 2 : 1;
  const power = 10 ** digits;
  const rounded = Math.abs(percent) < 100 ? Math.floor(percent * power + 1e-6) / power : Math.round(percent);
  return `${rounded} %`;
}
