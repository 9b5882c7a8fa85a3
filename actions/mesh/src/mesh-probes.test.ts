import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ambientResults, results } from './mesh-probes.ts';

const denied = {
  engine: { connected: false, seen: 'ECONNREFUSED' },
  plain: { seen: 'ECONNRESET' },
  withoutCertificate: { seen: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' },
  foreign: { seen: 'ERR_SSL_SSL/TLS_ALERT_UNKNOWN_CA' },
  stranger: { status: 403, seen: 'HTTP 403' },
};
const held = (inside: typeof denied, connected = true) =>
  results(inside, { connected, seen: 'a connection' }, 1).map(({ holds }) => holds);

test('a version that only its gateway reaches holds', () => {
  expect(held(denied)).toEqual([true, true, true, true, true, true]);
});

test('an answer to whoever is not the gateway does not hold, and neither does a port at which nobody listens', () => {
  const open = { ...denied, plain: { status: 200, seen: 'HTTP 200' } };
  expect(held(open)[1]).toBe(false);
  expect(held({ ...denied, foreign: { seen: 'ECONNREFUSED' } })[3]).toBe(false);
  expect(held({ ...denied, stranger: { status: 200, seen: 'HTTP 200' } })[4]).toBe(false);
  expect(held({ ...denied, engine: { connected: true, seen: 'a connection' } })[0]).toBe(false);
});

test('a NetworkPolicy that nobody enforces is said', () => {
  const [last] = results(denied, { connected: true, seen: 'a connection' }, 1).slice(-1);
  expect(last).toMatchObject({
    ...{ holds: true, seen: 'a connection: the NetworkPolicy is accepted, not enforced' },
    coded: { seen: reasonOf('probe.notEnforced', { seen: 'a connection' }), name: reasonOf('probe.outsider') },
  });
});

test('where the proxies of the nodes are the mesh, whoever gets an answer is seen', () => {
  const none = { seen: 'ECONNRESET' };
  const answer = { status: 200, seen: 'HTTP 200' };
  const outside = { connected: false, seen: 'no connection within 5 s' };
  const held = (...of: readonly [typeof none, typeof none]) => ambientResults(...of, outside, 1).map(one => one.holds);
  expect(held(none, none)).toEqual([true, true, true]);
  expect(held(answer, none)).toEqual([true, false, true]);
  expect(held(none, answer)).toEqual([false, true, true]);
});
