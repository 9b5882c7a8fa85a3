import { act, renderHook } from '@testing-library/react';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { TestApiProvider } from '@backstage/frontend-test-utils';
import type { ReactNode } from 'react';
import { fairwayApiRef } from '../client/fairway-api.ts';
import { FakeFairway } from '../testing/fake-fairway.ts';
import { FakeSignals } from '../testing/fake-signals.ts';
import { useOperation } from './use-operation.ts';
import type { Refresh } from './use-operation.ts';

const refresh: Refresh = { on: ['deliveries'], every: 0 };
const latency = 700;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A backend that answers after 700 ms with what it had when it was asked. */
function slowBackend() {
  let version = 0;
  const fairway = new FakeFairway({
    deliveries: async ({ path }) => {
      const id = `${path.service} ${version}`;
      await new Promise(resolve => setTimeout(resolve, latency));
      return { items: [{ id }] as never };
    },
  });
  const signals = new FakeSignals();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <TestApiProvider
      apis={
        [
          [fairwayApiRef, fairway],
          [signalApiRef, signals],
        ] as const
      }
    >
      {children}
    </TestApiProvider>
  );
  const { result, rerender } = renderHook(({ service }) => useOperation('deliveries', { path: { service } }, refresh), {
    wrapper,
    initialProps: { service: 'a' },
  });
  return {
    fairway,
    shown: () => result.current.value?.items[0]?.id,
    rerender,
    /** Changes the data and says so. */
    change: () =>
      act(() => {
        version += 1;
        signals.tell('deliveries');
      }),
  };
}

const pass = (milliseconds: number) => act(() => jest.advanceTimersByTimeAsync(milliseconds));

test('with two changes a second and 700 ms of latency the view is there within 1.5 s and follows', async () => {
  const { fairway, shown, change } = slowBackend();
  for (let change_ = 1; change_ <= 3; change_++) {
    await pass(500);
    change();
  }
  expect(shown()).toBeDefined();
  for (let round = 4; round <= 20; round++) {
    await pass(500);
    // as old as one answer and the question that had to wait for it, at most
    expect(Number(shown()?.split(' ')[1])).toBeGreaterThanOrEqual(round - 4);
    change();
  }
  await pass(2 * latency);
  expect(shown()).toBe('a 20');
  // never two at once
  expect(fairway.asked.length).toBeLessThanOrEqual(Math.ceil((20 * 500 + 2 * latency) / latency) + 1);
});

test('changes while a request runs share one further request', async () => {
  const { fairway, shown, change } = slowBackend();
  for (let times = 0; times < 5; times++) change();
  await pass(latency);
  expect([fairway.asked.length, shown()]).toEqual([2, 'a 0']);
  await pass(latency);
  expect([fairway.asked.length, shown()]).toEqual([2, 'a 5']);
});

test('another question is asked at once, and the answer to the old one is not shown for it', async () => {
  const { fairway, shown, rerender } = slowBackend();
  await pass(100);
  rerender({ service: 'b' });
  expect(fairway.asked).toHaveLength(2);
  await pass(latency - 100);
  expect(shown()).toBeUndefined();
  await pass(100);
  expect(shown()).toBe('b 0');
});
