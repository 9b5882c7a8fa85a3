import { changePage, commitPage, folderPage, runRepository } from './run-repository.ts';

const commit = 'ca58f80f2117378b67eae20b9a5f197c1da3434a';

// the forms of GitLab are those of https://docs.gitlab.com/user/project/repository/ and CI_PIPELINE_URL
test.each([
  ['https://github.com/acme/llm/actions/runs/42', 'github', 'https://github.com/acme/llm'],
  ['https://ghe.example.com/acme/llm/actions/runs/42/attempts/2', 'github', 'https://ghe.example.com/acme/llm'],
  ['https://gitlab.com/acme/llm/-/pipelines/42', 'gitlab', 'https://gitlab.com/acme/llm'],
  ['https://example.com/gitlab/a/b/c/llm/-/pipelines/42', 'gitlab', 'https://example.com/gitlab/a/b/c/llm'],
])('the repository of %s', (origin, server, address) => {
  expect(runRepository(origin)).toEqual({ server, address });
});

test.each([
  'laptop',
  'https://ci.example.com/builds/42',
  'javascript:alert(1)//acme/llm/actions/runs/42',
  'javascript:alert(1)//acme/llm/-/pipelines/42',
  'https://gitlab.com/-/pipelines/42',
  'https://gitlab.com/acme/llm/-/jobs/42',
])('%s is of no repository', origin => {
  expect(runRepository(origin)).toBeUndefined();
});

const github = { server: 'github', address: 'https://github.com/acme/llm' } as const;
const gitlab = { server: 'gitlab', address: 'https://gitlab.com/acme/llm' } as const;

test('its pages, in the form of each server', () => {
  expect(commitPage(github, commit)).toBe(`https://github.com/acme/llm/commit/${commit}`);
  expect(commitPage(gitlab, commit)).toBe(`https://gitlab.com/acme/llm/-/commit/${commit}`);
  expect(commitPage(gitlab, 'main')).toBeUndefined();
  expect(changePage(github, '41')).toBe('https://github.com/acme/llm/pull/41');
  expect(changePage(gitlab, '41')).toBe('https://gitlab.com/acme/llm/-/merge_requests/41');
  expect(folderPage(github, commit, '.')).toBe(`https://github.com/acme/llm/tree/${commit}`);
  expect(folderPage(gitlab, commit, 'services/chat')).toBe(
    `https://gitlab.com/acme/llm/-/tree/${commit}/services/chat`,
  );
});
