import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { platform } from './platform.ts';

/** Expressions of the dashboard that the last `monitor` of a service folder wrote. */
export async function curvesOf(folder: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, '.fairway/evidence/monitor/dashboard.json'), 'utf8');
  const { panels } = JSON.parse(text) as { panels: { targets?: { expr: string }[] }[] };
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}

/**
 * Those of the curves that have no figure in Prometheus while users ask.
 * @param ask one request of a user; a counter that Prometheus sees first with all its requests in it never rises
 */
export async function curvesWithoutFigures(
  curves: readonly string[],
  ask: () => Promise<void>,
): Promise<readonly string[]> {
  let bare = curves;
  for (let left = 20; left > 0 && bare.length > 0; left--) {
    await ask();
    const counts = await Promise.all(bare.map(figures));
    bare = bare.filter((_, index) => counts[index] === 0);
    if (bare.length > 0) await sleep(2000);
  }
  return bare;
}

/** How many figures a curve has had in the last quarter of an hour. */
async function figures(query: string): Promise<number> {
  const now = Date.now() / 1000;
  const range = new URLSearchParams({ query, start: `${now - 900}`, end: `${now}`, step: '5' });
  const answer = await fetch(`${platform.prometheus.url}/api/v1/query_range`, { method: 'POST', body: range });
  const { data } = (await answer.json()) as { data: { result: { values: [number, string][] }[] } };
  return data.result.flatMap(({ values }) => values).filter(([, value]) => value !== 'NaN').length;
}
