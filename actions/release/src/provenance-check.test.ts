import { english } from '@fairway/service/reasons/delivery-reason';
import type { DeliveryRecord } from '@fairway/stage';
import { tinyService } from '../../../test/fixtures/service.ts';
import { expectedOrigin, provenanceProblem } from './provenance-check.ts';
import type { ExpectedOrigin } from './provenance-check.ts';

const problemOf = (...of: Parameters<typeof provenanceProblem>) => {
  const problem = provenanceProblem(...of);
  return problem && english(problem);
};

const repository = 'https://github.com/octocat/hello-world';
const commit = 'c27d339ee6075c1f744c5d4b200f7901aad2c369';
const workflow =
  'https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_go_slsa3.yml@refs/tags/v0.0.1';

/** As far as release reads it: slsa-framework/github-actions-buildtypes, workflow/v1/example.json. */
const example = {
  buildDefinition: {
    resolvedDependencies: [
      { uri: `git+${repository}@refs/heads/main`, digest: { gitCommit: commit } },
      { uri: 'https://github.com/actions/virtual-environments/releases/tag/ubuntu20/20220515.1' },
    ],
  },
  runDetails: { builder: { id: workflow } },
};
const builder = workflow.slice(0, workflow.indexOf('@'));
const ask = (policy: Partial<ExpectedOrigin['policy']> = {}, more: Partial<ExpectedOrigin> = {}): ExpectedOrigin => ({
  ...{ policy: { repository, ...policy }, written: true, commit },
  ...more,
});

test.each<[string, ExpectedOrigin, string | undefined]>([
  ['its repository alone', ask(), undefined],
  ['the repository in other letters', ask({ repository: 'https://github.com/Octocat/Hello-World' }), undefined],
  ['its branch', ask({ refs: ['refs/tags/v1', 'refs/heads/main'] }), undefined],
  ['a pattern of branches', ask({ refs: ['refs/heads/m*'] }), undefined],
  ['any version of its builder', ask({ builder }), undefined],
  ['this version of its builder', ask({ builder: workflow }), undefined],
  ['no commit where the delivery knows none', ask({}, { commit: undefined }), undefined],
  [
    'another repository',
    ask({ repository: `${repository}-2` }),
    `it names the repository ${repository}, and release.provenance.repository of fairway.yaml asks for ${repository}-2. Deliver with a workflow of that repository,`,
  ],
  [
    'the repository that releases, where no policy is written',
    ask({ repository: 'https://github.com/team/service' }, { written: false }),
    `it names the repository ${repository}, and the workflow that releases is of https://github.com/team/service. Deliver`,
  ],
  [
    'another commit',
    ask({}, { commit: 'f'.repeat(40) }),
    `it names the commit ${commit}, and ${'f'.repeat(40)} is delivered. Build and push that commit again`,
  ],
  [
    'other branches',
    ask({ refs: ['refs/heads/release*', 'refs/heads/mai', 'refs/heads/m.in'] }),
    'it names refs/heads/main, and release.provenance.refs of fairway.yaml asks for refs/heads/release* or refs/heads/mai or refs/heads/m.in. Deliver from there',
  ],
  [
    'another builder',
    ask({ builder: builder.replace('go', 'node') }),
    `it names the builder ${workflow}, and release.provenance.builder of fairway.yaml asks for ${builder.replace('go', 'node')}. Deliver with that workflow`,
  ],
  [
    'a builder whose name only begins alike',
    ask({ builder: builder.slice(0, -1) }),
    `it names the builder ${workflow}, and`,
  ],
  [
    'another version of its builder',
    ask({ builder: `${builder}@refs/tags/v0.0.2` }),
    `it names the builder ${workflow}, and`,
  ],
])('SLSA’s example where release asks for %s', (_name, expected, problem) => {
  const found = problemOf({ predicate: example, workflow: undefined }, expected);
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(problem);
});

test('a text that names the right builder counts for nothing where another workflow signed', () => {
  const other = `${repository}/.github/workflows/other.yml@refs/heads/main`;
  expect(problemOf({ predicate: example, workflow }, ask({ builder }))).toBeUndefined();
  expect(problemOf({ predicate: example, workflow: other }, ask({ builder }))).toContain(
    `it is signed by the workflow ${other}, and release.provenance.builder`,
  );
});

test.each<[string, object, string]>([
  ['of a laptop', { dependencies: [{ digest: { gitCommit: commit } }] }, 'it names no repository, and'],
  ['without a source', { dependencies: [] }, 'it names no repository, and'],
  [
    'of a branch whose name ends like one that counts',
    {
      dependencies: [{ uri: `git+${repository}@refs/heads/x@refs/heads/main`, digest: { gitCommit: commit } }],
    },
    'it names refs/heads/x@refs/heads/main, and',
  ],
])('a provenance %s does not count', (_name, { dependencies }: { dependencies?: object[] }, problem) => {
  const predicate = { ...example, buildDefinition: { resolvedDependencies: dependencies } };
  expect(problemOf({ predicate, workflow: undefined }, ask({ refs: ['refs/heads/main'] }))).toContain(problem);
});

test('what has another form is one sentence', () => {
  // the form of SLSA 0.2
  const predicate = { builder: { id: workflow }, buildType: 'b', materials: [{ uri: `git+${repository}` }] };
  expect(problemOf({ predicate, workflow: undefined }, ask())).toMatch(/^it is no SLSA provenance in version 1\./);
});

test('a laptop asks nothing without a policy, a workflow asks for its own repository, a policy comes first', () => {
  const record = { source: { commit } } as DeliveryRecord;
  const origin = { repository, ref: 'refs/heads/main', commit: 'of the run' };
  const written = tinyService({ release: { provenance: { repository: 'https://github.com/team/service' } } });
  expect(expectedOrigin(tinyService(), { record })).toBeUndefined();
  expect(expectedOrigin(tinyService(), { record, origin })).toEqual(ask({}, { written: false }));
  expect(expectedOrigin(written, { record, origin })).toEqual(ask({ repository: 'https://github.com/team/service' }));
});
