/** The place of the chart in its picture. */
export const chart = { width: 720, height: 280, left: 44, right: 24, top: 16, bottom: 40 } as const;

export function xOf(index: number, engines: number): number {
  const inner = chart.width - chart.left - chart.right;
  return chart.left + (inner * (index + 0.5)) / engines;
}

export function yOf(score: number): number {
  return chart.top + (1 - score / 100) * (chart.height - chart.top - chart.bottom);
}
