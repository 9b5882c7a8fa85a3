import { act, screen } from '@testing-library/react';
import { renderView } from '../testing/render-view.tsx';
import { relativeTime } from './relative-time.ts';
import { Time } from './time.tsx';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

test.each([
  [3 * second, 'now', '现在'],
  [-3 * second, 'now', '现在'],
  [90 * second, '90 seconds ago', '90秒钟前'],
  [2 * minute, '2 minutes ago', '2分钟前'],
  [119 * minute, '119 minutes ago', '119分钟前'],
  [47 * hour, '47 hours ago', '47小时前'],
  [59 * day, '59 days ago', '59天前'],
  [100 * day, '3 months ago', '3个月前'],
  [800 * day, '2 years ago', '2年前'],
  [-3 * day, 'in 3 days', '3天后'],
])('%d ms ago is "%s"', (age, english, chinese) => {
  expect(relativeTime(0, age, 'en')).toBe(english);
  expect(relativeTime(0, age, 'zh')).toBe(chinese);
});

test('a time grows older while it is looked at, and tells the moment itself on hover', async () => {
  jest.useFakeTimers({ now: new Date('2026-11-26T12:00:00.000Z') });
  try {
    const at = '2026-11-26T11:55:00.000Z';
    renderView(<Time at={at} />, {});
    const shown = await screen.findByText('5 minutes ago');
    expect(shown).toHaveAttribute('datetime', at);
    expect(shown.title).toMatch(/^Nov 26, 2026.*55:00/);
    await act(() => jest.advanceTimersByTimeAsync(minute));
    expect(shown).toHaveTextContent('6 minutes ago');
  } finally {
    jest.useRealTimers();
  }
});

test('what is no date is shown as it is', async () => {
  renderView(<Time at="soon" />, {});
  expect(await screen.findByText('soon')).not.toHaveAttribute('title');
});
