const factors: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** A count of devices as Kubernetes writes it ("8", rarely "1k"); what is no count is none. */
export function deviceCount(quantity: string | number | undefined): number {
  const match = /^(\d+)(k|M|G|Ki|Mi|Gi)?$/.exec(String(quantity ?? ''));
  return match ? Number(match[1]) * (factors[match[2] ?? ''] ?? 1) : 0;
}
