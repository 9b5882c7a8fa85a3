import { mockServices } from '@backstage/backend-test-utils';
import { english, type Reason } from '@fairway/service/reasons/reason';
import { configuredRedaction } from '../redaction.ts';
import { configuredPrices } from './prices.ts';
import { createUsageViews } from './usage-views.ts';

function views(clusters: object[]) {
  const entries = clusters.map(cluster => ({ kubeconfig: '/none', context: 'c', ...cluster }));
  const config = mockServices.rootConfig({ data: { fairway: { clusters: entries } } });
  return createUsageViews({
    ...{ config, logger: mockServices.logger.mock(), redaction: configuredRedaction(config) },
    lifecycle: mockServices.lifecycle.mock(),
  });
}
const asked = { namespace: 'models', service: 'chat' };

test('without a ledger of its clusters a service has no sums, which is not nought', async () => {
  const usage = await views([{ name: 'east' }]).read({ ...asked, clusters: ['east'] });
  expect(usage).toMatchObject({ state: 'none', days: [] });
  expect((Date.parse(usage.to) - Date.parse(usage.from)) / 86_400_000).toBe(29);
});

test('a ledger that does not answer is said without its login', async () => {
  const east = { name: 'east', ledgerUrl: 'postgres://reader:hunter2-long@127.0.0.1:1/ledger' };
  const usage = await views([east]).read({ ...asked, clusters: ['east'] });
  expect(usage).toMatchObject({ state: 'unreachable', days: [] });
  expect(usage.message).toMatch(/^postgres: .*Nothing listens there/);
  expect(english(usage.coded as Reason)).toBe(usage.message);
  expect(JSON.stringify(usage)).not.toContain('hunter2');
});

test('prices are those of the price table, and one that is none ends the start with what is wrong', () => {
  const config = (prices: object) => mockServices.rootConfig({ data: { fairway: { prices } } });
  const price = { model: 'chat', promptPerMillion: 1, completionPerMillion: 2 };
  expect(configuredPrices(config({ currency: 'EUR', prices: [price] }))).toEqual({ currency: 'EUR', prices: [price] });
  expect(() => configuredPrices(config({ currency: 'EUR', prices: [{ ...price, promptPerMillion: -1 }] }))).toThrow(
    /fairway\.prices is no price table: .*prices\.0\.promptPerMillion/,
  );
  expect(configuredPrices(mockServices.rootConfig({ data: {} }))).toBeUndefined();
});
