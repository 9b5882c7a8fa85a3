import { findingsBeside } from './finding.ts';
import type { Finding } from './finding.ts';

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  id,
  severity: 'high',
  package: 'libssl3',
  ecosystem: 'debian',
  installed: '1',
  title: '',
  ...more,
});

test('findings are beside others when no identifier, package and place is the same, whatever the version', () => {
  const found = [finding('A'), finding('B'), finding('C', { path: 'a' }), finding('C', { path: 'b' })];
  const others = [finding('GHSA-A', { aliases: ['A'], installed: '2' }), finding('C', { path: 'b' })];
  expect(findingsBeside(found, others)).toEqual([found[1], found[2]]);
});
