import { portBase, portsFrom } from './ports.ts';

test.each([
  [{}, 17400],
  [{ FAIRWAY_PORT_BASE: '' }, 17400],
  [{ FAIRWAY_PORT_BASE: '20000' }, 20000],
])('%j starts at %i', (environment, base) => {
  expect(portBase(environment)).toBe(base);
});

test.each(['80', '70000', 'many', '20000.5'])('refuses to start at %s', given => {
  expect(() => portBase({ FAIRWAY_PORT_BASE: given })).toThrow(`FAIRWAY_PORT_BASE is "${given}"`);
});

test('every port is another one', () => {
  const ports = Object.values(portsFrom(17400));
  expect(new Set(ports).size).toBe(ports.length);
});
