import { endingPullToken } from './pull-token.ts';

// users and beginnings of tokens as the documentation of each registry has them
test.each([
  ['AWS', 'eyJwYXlsb2FkIjoi', /ends after 12 hours, and nodes of EKS pull without one/],
  ['oauth2accesstoken', 'ya29.a0', /ends after an hour/],
  ['00000000-0000-0000-0000-000000000000', 'eyJhbGciOi', /ends after three hours/],
  ['octocat', 'ghs_16C7e42F292c6912E7710c838347Ae178B4a', /ends with the job of GitHub/],
])('the token of %s ends', (username, password, expected) => {
  expect(endingPullToken(username, password)).toMatch(expected);
});

test.each([
  ['octocat', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
  ['_json_key', '{}'],
  ['robot$deliver', 'secret'],
])('that of %s may stay', (username, password) => {
  expect(endingPullToken(username, password)).toBeUndefined();
});
