import { predicateTypes } from '@fairway/clients/sigstore/index';
import { newestScan } from './signature-check.ts';

const scan = (verdict: string, scanFinishedOn?: string) => ({
  predicateType: predicateTypes.scan,
  predicate: { scanner: { result: { verdict } }, metadata: { scanFinishedOn } },
});

// the distribution specification 1.1 gives the list of referrers no order
test('of several scans the last counts, wherever it is listed', () => {
  const [old, fresh] = [scan('pass', '2026-01-02T00:00:00Z'), scan('fail', '2026-01-03T00:00:00Z')];
  const other = { predicateType: predicateTypes.sbom, predicate: {} };
  for (const listed of [
    [old, fresh, other],
    [fresh, old],
    [fresh, scan('pass'), old],
  ])
    expect(newestScan(listed)?.scanner?.result?.verdict).toBe('fail');
  expect(newestScan([other])).toBeUndefined();
});
