import { outcomeOf } from '../../plugins/fairway-backend/src/deliveries/outcome.ts';
import { deliveryOf } from '../browser/fleet/deliveries.ts';
import { fleetOf } from '../browser/fleet/services.ts';

/** By the names that the stages give to what failed. */
function failuresIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const failed =
      ['objection', 'error', 'cause'].includes(name) ||
      (name === 'holds' && part === false) ||
      (name === 'verdict' && part !== 'pass') ||
      (name === 'status' && part !== 200);
    return failed ? [`${name}: ${JSON.stringify(part)}`] : failuresIn(part);
  });
}

test('a delivery of the simulated fleet that passed shows nothing that failed', () => {
  const passed = fleetOf()
    .map((service, index) => deliveryOf(service, index, 'east'))
    .filter(({ record }) => outcomeOf(record).verdict === 'pass');
  const named = passed.filter(({ record }) => record.service.name === 'chat');
  expect(named).toHaveLength(1);
  const chat = named[0]!;
  const paths = Object.values(chat.record.stages).flatMap(({ evidence }) => evidence.map(({ path }) => path));
  expect(paths).toEqual(expect.arrayContaining(['evidence/mesh/probes.json', 'evidence/release/steps.json']));
  const shown = Object.values(chat.record.stages).flatMap(({ evidence }) =>
    evidence.map(({ digest }) => JSON.parse(chat.evidence?.[digest] ?? '') as unknown),
  );
  expect(failuresIn(shown)).toEqual([]);
});

test('its load test has the goodput that it says', () => {
  const chat = deliveryOf(fleetOf()[0]!, 0, 'east');
  const entry = chat.record.stages['load-test']!;
  const { digest } = entry.evidence.find(({ path }) => path.endsWith('/load.json'))!;
  const { requests, load } = JSON.parse(chat.evidence![digest]!) as {
    requests: { ttftFromScheduled: number }[];
    load: { requestsPerSecond: number; seconds: number };
  };
  const good = requests.filter(({ ttftFromScheduled }) => ttftFromScheduled <= 500).length;
  expect(((100 * good) / requests.length).toFixed(1)).toBe(entry.outputs['goodput']);
  expect(requests).toHaveLength(load.requestsPerSecond * load.seconds);
  expect(entry.reason).toContain(`${requests.length} requests`);
});
