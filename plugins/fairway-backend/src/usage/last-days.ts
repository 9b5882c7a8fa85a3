/** Days that are summed up where nobody says which. */
const days = 30;

/** The days (UTC) up to one, today where nobody says which. */
export function lastDays(to = new Date().toISOString().slice(0, 10)): { readonly from: string; readonly to: string } {
  return { from: new Date(Date.parse(to) - (days - 1) * 86_400_000).toISOString().slice(0, 10), to };
}
