import { ClusterSeries } from './cluster-series.ts';

test('without labels, selectors are as they would be written by hand', () => {
  for (const all of [ClusterSeries.labelled(), ClusterSeries.orUnlabelled()]) {
    expect([all.of('up'), all.of('up', 'job="a"'), all.of('', 'job="a"')]).toEqual(['up', 'up{job="a"}', '{job="a"}']);
    expect([all.sample('up'), all.neighbour()]).toEqual(['up', undefined]);
  }
});

test('labels are in each selector, in an order that does not depend on the file', () => {
  const series = ClusterSeries.labelled({ region: 'eu', cluster: 'prod' });
  expect(series.of('up')).toBe('up{cluster="prod",region="eu"}');
  expect(series.of('', 'job="a"')).toBe('{job="a",cluster="prod",region="eu"}');
  expect(series.labels).toEqual({ cluster: 'prod', region: 'eu' });
});

test('where a Prometheus does not see its own labels, series without them count and those of others do not', () => {
  const selector = ClusterSeries.orUnlabelled({ cluster: 'prod.eu' }).of('up');
  const pattern = JSON.parse(/=~(".*")/.exec(selector)![1]!) as string;
  const takes = (value: string) => new RegExp(`^(?:${pattern})$`).test(value);
  // a series without the label has the empty text for it
  expect(['', 'prod.eu', 'prodxeu', 'prod.eu-2', 'prod'].map(takes)).toEqual([true, true, false, false, false]);
});
