import { findingKey } from './findings-schema.ts';

test('one finding in two binaries is two rows, and the same across scans', () => {
  const finding = { id: 'CVE-2026-1', severity: 'high', package: 'stdlib', installed: '1.26.1' };
  const one = findingKey({ ...finding, path: 'usr/bin/one' });
  expect(one).not.toBe(findingKey({ ...finding, path: 'usr/bin/two' }));
  expect(one).toBe(findingKey({ ...finding, path: 'usr/bin/one', installed: '1.26.2' }));
});
