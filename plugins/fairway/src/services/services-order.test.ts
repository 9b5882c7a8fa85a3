import { byNeed } from '@fairway/backstage-plugin-fairway-common';
import { helloSummary } from '../testing/hello-indicators.ts';

const last = (verdict: 'pass' | 'fail' | 'running' | 'inconclusive') => ({
  lastDelivery: { id: 'd', verdict, finishedAt: '2026-11-25T09:20:12.000Z' },
});

test('what burns stands first, then what failed, what runs, and at last what is well or gone', () => {
  const services = [
    helloSummary({ name: 'gone', state: 'decommissioned' }),
    helloSummary({ name: 'well' }),
    helloSummary({ name: 'well too' }),
    helloSummary({ name: 'unseen', state: 'unknown' }),
    helloSummary({ name: 'delivered now', ...last('running') }),
    helloSummary({ name: 'missed', objectives: { verdict: 'fail', reason: 'too late' } }),
    helloSummary({ name: 'failed', ...last('fail') }),
    helloSummary({ name: 'one alert', firingAlerts: 1 }),
    helloSummary({ name: 'two alerts', firingAlerts: 2, ...last('running') }),
    helloSummary({ name: 'silent', state: 'not-serving' }),
    helloSummary({
      name: 'silent in one place',
      places: [{ cluster: 'east', state: 'not-serving', versions: [] }],
      firingAlerts: 3,
    }),
  ];
  expect(byNeed(services).map(({ name }) => name)).toEqual([
    'silent in one place',
    'silent',
    'two alerts',
    'one alert',
    'missed',
    'failed',
    'delivered now',
    'unseen',
    'well',
    'well too',
    'gone',
  ]);
});
