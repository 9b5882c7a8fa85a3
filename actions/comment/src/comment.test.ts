import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { githubDouble } from '../../../test/github/double.ts';
import { comment } from './comment.ts';
import { readResults } from './results.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'fairway-comment-'))));
afterEach(() => rm(folder, { recursive: true }));

test('an event of another kind is said with what to do', async () => {
  const access = { token: 'x', repository: 'team/hello' };
  const request = {
    event: '{"pull_request":{}}',
    results: folder,
    service: '.',
    environment: '',
    access,
    info: () => {},
  };
  await expect(comment(request)).rejects.toThrow('run it in a workflow that is started `on: workflow_run`');
});

// pytorch/test-infra pull request 8029: the run of a fork that waits for approval ends at once, with this conclusion
test.each(['action_required', 'skipped'])('a check that ended with %s has nothing to say', async conclusion => {
  const head = { head_branch: 'feature', head_sha: 'a'.repeat(40), head_repository: { owner: { login: 'fork' } } };
  const event = JSON.stringify({ workflow_run: { ...head, conclusion, html_url: 'https://github.com' } });
  const said: string[] = [];
  // nobody answers there
  const access = { token: 'x', repository: 'team/hello', signal: AbortSignal.abort() };
  const request = {
    event,
    results: folder,
    service: '.',
    environment: '',
    access,
    info: (message: string) => void said.push(message),
  };
  await expect(comment(request)).resolves.toBeUndefined();
  expect(said).toEqual([`The check ended with ${conclusion}: no job of it ran.`]);
});

test('a check that broke off has no results', async () => {
  await expect(readResults(join(folder, 'nowhere'))).resolves.toEqual({});
});

test('what no stage writes is not shown', async () => {
  await mkdir(join(folder, 'evidence/scan'), { recursive: true });
  await writeFile(join(folder, 'evidence/scan/findings.json'), '{"findings":[{"id":1}]}');
  await expect(readResults(folder)).rejects.toThrow('evidence/scan/findings.json: the check of the pull request left');
});

test('checks for two environments have a comment each', async () => {
  const commit = 'b'.repeat(40);
  const github = await githubDouble({ tokens: { x: { permissions: { pull_requests: 'write' } } } });
  try {
    // read when the library is first loaded
    process.env['GITHUB_API_URL'] = github.url;
    const pull = { number: 4, owner: 'team', head: 'feature', base: 'main', commit, state: 'open' as const };
    github.pulls.push({ ...pull, title: 'x', body: '' });
    const head = { head_branch: 'feature', head_sha: commit, head_repository: { owner: { login: 'team' } } };
    const event = JSON.stringify({ workflow_run: { ...head, conclusion: 'success', html_url: 'https://github.com' } });
    const access = { token: 'x', repository: 'team/hello' };
    for (const environment of ['', 'staging', 'production', 'staging'])
      await comment({ event, results: folder, service: 'services/hello', environment, access, info: () => {} });
    const titles = github.comments.map(({ body }) => body.split('\n')[1]);
    expect(titles).toEqual([
      '### ✅ Fairway: `services/hello`',
      '### ✅ Fairway: `services/hello` for `staging`',
      '### ✅ Fairway: `services/hello` for `production`',
    ]);
  } finally {
    await github.close();
  }
});
