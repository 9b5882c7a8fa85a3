import type { FairwayBackend } from './fairway-backend.ts';
import { knownServices } from './known-services.ts';
import { running, summary } from './testing/backend-double.ts';

test('thousands of services in twenty clusters are read, each with its clusters', async () => {
  const names = Array.from({ length: 5000 }, (_, index) => `llm-${index}`);
  const items = Array.from({ length: 20 }, (_, cluster) =>
    names.flatMap(name => running(name).items.map(item => ({ ...item, namespace: name, cluster: `c${19 - cluster}` }))),
  ).flat();
  const answers = {
    services: { items: names.slice(1).map(name => summary(name)) },
    deployments: { clusters: [], items },
  };
  const backend = { ask: async name => ({ answer: answers[name], unreadable: [] }) } as Pick<FairwayBackend, 'ask'>;
  const { services } = await knownServices(backend, 'group:default/unknown');
  expect(services).toHaveLength(5000);
  for (const { clusters } of [services[0]!, services.at(-1)!])
    expect(clusters).toEqual(items.flatMap(({ cluster, service }) => (service === 'llm-0' ? cluster : [])).sort());
});
