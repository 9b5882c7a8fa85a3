import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pushedProvenance, pushingRun } from './provenance.ts';

const { signal } = new AbortController();
// as the example of SLSA's build type has them (slsa-framework/github-actions-buildtypes, workflow/v1/example.json)
const repository = 'https://github.com/octocat/hello-world';
const commit = 'c27d339ee6075c1f744c5d4b200f7901aad2c369';
const origin = {
  ...{ repository, ref: 'refs/heads/main', commit },
  workflow: `${repository}/.github/workflows/release.yml@refs/heads/main`,
};
const run = `${repository}/actions/runs/1536140711`;
const built = JSON.stringify({
  subject: [],
  predicate: {
    buildDefinition: {
      buildType: 'b',
      resolvedDependencies: [
        { name: 'source', digest: { sha256: 'aa' } },
        { name: 'commit', digest: { gitCommit: 'what a Dockerfile wrote' } },
      ],
    },
    runDetails: { builder: { id: 'what a Dockerfile wrote' }, metadata: { startedOn: 's' } },
  },
});

test('the run that pushes says which commit and which builder, in the form of the example', () => {
  const builder =
    'https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_go_slsa3.yml@refs/tags/v0.0.1';
  const stated = pushedProvenance(built, 'hello', 'sha256:bb', { ...origin, builder, invocation: run });
  expect(JSON.parse(stated)).toMatchObject({
    subject: [{ name: 'hello', digest: { sha256: 'bb' } }],
    predicate: {
      buildDefinition: {
        buildType: 'b',
        resolvedDependencies: [
          { uri: 'git+https://github.com/octocat/hello-world@refs/heads/main', digest: { gitCommit: commit } },
          { name: 'source', digest: { sha256: 'aa' } },
        ],
      },
      runDetails: { builder: { id: builder }, metadata: { startedOn: 's', invocationId: run } },
    },
  });
  expect(stated).not.toContain('what a Dockerfile wrote');
});

test('the builder is the workflow that the token of the job names', async () => {
  const reusable = 'platform/fairway/.github/workflows/deliver.yml@0123456789012345678901234567890123456789';
  const claims = Buffer.from(JSON.stringify({ job_workflow_ref: reusable })).toString('base64url');
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url, request.headers.authorization);
    response.end(JSON.stringify({ value: `e30.${claims}.e30` }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const inputs = {
    'id-token-url': `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?api-version=2.0`,
    'id-token-request': 'bearer',
  };
  const found = await pushingRun(inputs, { origin, run, signal });
  await new Promise(resolve => server.close(resolve));
  expect(found?.builder).toBe(`https://github.com/${reusable}`);
  expect(asked).toEqual(['/token?api-version=2.0&audience=fairway', 'Bearer bearer']);
});

test('a job that may not ask names the workflow that was started, and a laptop none', async () => {
  const inputs = { 'id-token-url': undefined, 'id-token-request': undefined };
  expect(await pushingRun(inputs, { origin, run, signal })).toEqual({
    ...{ repository, ref: 'refs/heads/main', commit, invocation: run },
    builder: origin.workflow,
  });
  expect(await pushingRun(inputs, { signal })).toBeUndefined();
});
