import { setTimeout as sleep } from 'node:timers/promises';
import { mockServices } from '@backstage/backend-test-utils';
import { ChangeSignals } from './change-signals.ts';

test('the first change is told at once, the following ones once in each pause, the last one never lost', async () => {
  const told: string[] = [];
  const signals = new ChangeSignals(
    { publish: async ({ message }) => void told.push(String(message['changed'])) },
    mockServices.logger.mock(),
  );
  for (let change = 0; change < 100; change++) signals.tell('cluster');
  signals.tell('alerts');
  expect(told).toEqual(['cluster', 'alerts']);
  await sleep(1200);
  expect(told).toEqual(['cluster', 'alerts', 'cluster']);
  signals.stop();
});

test('a signal that cannot be sent is noted and disturbs nobody', async () => {
  const logger = mockServices.logger.mock();
  const signals = new ChangeSignals({ publish: () => Promise.reject(new Error('no bus')) }, logger);
  signals.tell('deliveries');
  await sleep(10);
  expect(logger.warn).toHaveBeenCalledWith('Open pages could not be told that deliveries changed: Error: no bus');
  signals.stop();
});
