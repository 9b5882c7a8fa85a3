import { english } from '@fairway/service/reasons/delivery-reason';
import type { DeliveryRecord, StageEntry, StageName, Verdict } from '@fairway/stage';
import { missingEvidence } from './evidence-check.ts';

const candidate = { image: 'registry/hello@sha256:a', revision: 'aaaaaaaa' };

function entry(verdict: Verdict, more: Partial<StageEntry> = {}): StageEntry {
  return { verdict, reason: '', key: 'sha256:0', startedAt: '', finishedAt: '', outputs: {}, evidence: [], ...more };
}

function record(changes: Partial<Record<StageName, StageEntry | undefined>> = {}): DeliveryRecord {
  const passed = ['prepare', 'build', 'scan', 'optimize', 'mesh', 'monitor', 'load-test'].map(name => [
    name,
    entry('pass'),
  ]);
  const stages = {
    ...(Object.fromEntries(passed) as DeliveryRecord['stages']),
    push: entry('pass', { outputs: { reference: candidate.image } }),
    deploy: entry('pass', { outputs: { revision: candidate.revision } }),
    ...changes,
  };
  return {
    schemaVersion: 1,
    id: 'd',
    service: { name: 'hello' },
    source: {},
    image: {},
    stages: stages as DeliveryRecord['stages'],
  };
}

test.each<[string, Partial<Record<StageName, StageEntry | undefined>>, string[]]>([
  ['everything passed', {}, []],
  ['a failed scan that remediation put right', { scan: entry('fail'), remediate: entry('pass') }, []],
  [
    'remediation with nothing to do does not replace a failed scan',
    { scan: entry('fail') },
    ['scan is fail and remediate has not run'],
  ],
  ['optimization with nothing to do', { optimize: entry('skipped') }, []],
  ['a gateway of the team by policy', { mesh: entry('skipped') }, []],
  ['no load test', { 'load-test': undefined }, ['load-test has not run']],
  ['a load test that could not tell', { 'load-test': entry('inconclusive') }, ['load-test is inconclusive']],
  ['a stale load test', { 'load-test': entry('pass', { stale: true }) }, ['load-test is older than what it judged']],
  ['a skipped load test', { 'load-test': entry('skipped') }, ['load-test is skipped']],
  [
    'evidence of another image',
    { push: entry('pass', { outputs: { reference: 'registry/hello@sha256:b' } }) },
    ['the record is about registry/hello@sha256:b, not registry/hello@sha256:a'],
  ],
  [
    'another version',
    { deploy: entry('pass', { outputs: { revision: 'b' } }) },
    ['the record is about the version b, not aaaaaaaa'],
  ],
  [
    'a load test of another version',
    { 'load-test': entry('pass', { outputs: { revision: 'b' } }) },
    ['the load test measured the version b, not aaaaaaaa'],
  ],
  ['a load test of this version', { 'load-test': entry('pass', { outputs: { revision: 'aaaaaaaa' } }) }, []],
])('%s', (_name, changes, missing) => {
  expect(missingEvidence(record(changes), candidate).map(english)).toEqual(missing);
});
