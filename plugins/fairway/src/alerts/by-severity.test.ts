import { bySeverity } from './by-severity.ts';
import { groupsOf } from './groups.ts';

const alert = (name: string, severity: string, since: string, state: 'active' | 'suppressed' = 'active') => ({
  ...{ name, severity, since, state, source: 'east', fingerprint: name, summary: '', silencedBy: [] },
});

const alerts = [
  alert('silenced', 'page', '2026-11-26T06:00:00Z', 'suppressed'),
  alert('note', 'info', '2026-11-26T07:00:00Z'),
  alert('young', 'critical', '2026-11-26T12:00:00Z'),
  // a second zone writes the same hour in other figures
  alert('old', 'page', '2026-11-26T12:30:00+02:00'),
  alert('ticket', 'ticket', '2026-11-26T11:00:00Z'),
  alert('warning', 'warning', '2026-11-26T08:00:00Z'),
];

test('the most severe alert stands first, of these the oldest, and what is silenced at the end', () => {
  expect(alerts.toSorted(bySeverity).map(({ name }) => name)).toEqual([
    'old',
    'young',
    'warning',
    'ticket',
    'note',
    'silenced',
  ]);
});

test('a group stands where its most severe alert does', () => {
  const owned = alerts.map((one, place) => ({ ...one, owner: place < 2 ? 'calm' : 'burns' }));
  expect(groupsOf(owned, 'owner').map(({ id }) => id)).toEqual(['burns', 'calm']);
});
