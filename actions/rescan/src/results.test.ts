import type { Finding } from '@fairway/clients/scanner/index';
import type { Rescan } from './rescan.ts';
import { rescanSarif } from './results.ts';

const finding = (id: string, installed = '1'): Finding => ({
  id,
  severity: 'high',
  package: 'libexpat1',
  ecosystem: 'debian',
  installed,
  title: '',
});
const nothing = { blocking: [], fixable: [], accepted: [], old: [], stated: [], expired: [] };
const image = (digest: string, findings: readonly Finding[], accepted: readonly Finding[] = []) => ({
  image: `r/hello@${digest}`,
  digest,
  revisions: ['a'],
  share: 50,
  verdict: 'fail' as const,
  reason: '',
  scan: {
    report: {
      image: digest,
      scanner: { name: 'trivy', version: '1' },
      packages: {},
      findings,
      inconclusive: [],
      notes: [],
    },
    judgement: {
      ...nothing,
      accepted: accepted.map(one => ({
        finding: one,
        exception: { id: one.id, reason: 'not reachable', until: '2030-01-01' },
      })),
    },
  },
});
const rescanned = (images: Rescan['images']): Rescan => ({ verdict: 'fail', reason: '', images, kept: [] });

test('what two images have is in the document once, and what is accepted in all that have it is left out', () => {
  const [accepted, harmlessThere] = [finding('B'), finding('A')];
  const text = rescanSarif(
    rescanned([
      image('sha256:1', [harmlessThere], [harmlessThere]),
      image('sha256:2', [finding('A', '2'), accepted], [accepted]),
      image('sha256:3', [finding('A', '2')]),
    ]),
    'services/hello/Dockerfile',
  );
  const { runs } = JSON.parse(text ?? '') as {
    runs: { results: { ruleId: string; locations: object[] }[] }[];
  };
  expect(runs).toHaveLength(1);
  expect(runs[0]?.results.map(({ ruleId }) => ruleId)).toEqual(['A']);
  expect(runs[0]?.results[0]?.locations).toMatchObject([
    { physicalLocation: { artifactLocation: { uri: 'services/hello/Dockerfile' } } },
  ]);
});

test('where nothing could be scanned there is no document, which would close what code scanning shows', () => {
  const unknown = { ...image('sha256:1', []), scan: undefined };
  expect(rescanSarif(rescanned([unknown]), 'Dockerfile')).toBeUndefined();
});
