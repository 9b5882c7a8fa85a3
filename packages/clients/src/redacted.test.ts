import { holesOf, reasonTexts } from '@fairway/service/reasons/reason';
import { isCredentialName, redacted } from './redacted.ts';
import { ToolError } from './tool-error.ts';

test.each([
  ['GET http://ann:s3cr3t@host:9093/api ended', 'GET http://***@host:9093/api ended'],
  ['cloning https://s3cr3t@github.com/a/b', 'cloning https://***@github.com/a/b'],
  ['redis://:p@s3cr3t@host/0', 'redis://***@host/0'],
  ['GET https://host/a?x=1&access_token=s3cr3t&y=2', 'GET https://host/a?x=1&access_token=***&y=2'],
  [String.raw`"https://host/a?x=1\u0026sig=s3cr3t"`, String.raw`"https://host/a?x=1\u0026sig=***"`],
  ['Authorization: Bearer s3cr3ts3cr3ts3cr3t', 'Authorization: Bearer ***'],
  ['"authorization":"s3cr3t"', '"authorization":"***"'],
  ['token eyJhbGciOiJI.eyJzdWIiOiIx.s3cr3t was', 'token *** was'],
  [String.raw`{"clientSecret": "s3\"cr3t", "a": 1}`, '{"clientSecret": "***", "a": 1}'],
  ['a -----BEGIN RSA PRIVATE KEY-----\ns3cr3t\n-----END RSA PRIVATE KEY----- b', 'a *** b'],
  ['{"name":"HF_TOKEN","value":"s3cr3t"}', '{"name":"HF_TOKEN","value":"***"}'],
  ['export HF_TOKEN=s3cr3t MODEL=qwen', 'export HF_TOKEN=*** MODEL=qwen'],
  [`AWS_SECRET_ACCESS_KEY='s3cr3t s3cr3t' aws s3 ls`, 'AWS_SECRET_ACCESS_KEY=*** aws s3 ls'],
  // https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE
  ['host=db user=reader password=s3cr3t dbname=ledger', 'host=db user=reader password=*** dbname=ledger'],
  ['helm login --registry-password=s3cr3t host', 'helm login --registry-password=*** host'],
])('%s', (text, shown) => {
  expect(redacted(text)).toBe(shown);
  expect(redacted(shown)).toBe(shown);
});

test.each([
  'without a token: HTTP 401',
  'registry.test/hello@sha256:5c5c',
  '{"tokens":16,"secretName":"pull","name":"token","value":3}',
  'GET http://host/api/v1/query?query=up{job="a"}',
  'The gateway takes Bearer tokens and Basic authentication.',
  'TOKEN=$(bin/fairway token) curl --token "$TOKEN"',
  'Set VAULT_TOKEN, or give vault-token.',
  'max_tokens=3 and token_count=4 are numbers',
])('%s stays', text => {
  expect(redacted(text)).toBe(text);
});

// quadratic work would take minutes
test.each([
  'a',
  'A',
  'A_',
  '--a-',
  '://',
  '?a',
  '"a',
  'eyJ',
  '-eyJ',
  '-----BEGIN PRIVATE KEY-----',
  '=',
  '\\',
  '"name":"',
])('a megabyte of %j costs one pass', part => {
  const text = part.repeat(1_000_000 / part.length);
  expect(redacted(text)).toContain(part === '-----BEGIN PRIVATE KEY-----' ? '***' : part);
});

test('names of credentials', () => {
  expect(['password', 'client-secret', 'apiKey', 'HF_TOKEN'].every(isCredentialName)).toBe(true);
  expect(['token-url', 'tokens', 'key', 'secretName'].some(isCredentialName)).toBe(false);
});

test('no parameter of a reason is taken for a credential by its name', () => {
  const names = Object.values(reasonTexts).flatMap(holesOf);
  expect(names.filter(isCredentialName)).toEqual([]);
});

test('the error of an outside system holds none, whoever makes it', () => {
  const error = new ToolError(
    'git',
    'GET http://a:s3cr3t@h/?token=s3cr3t',
    1,
    'http://a:s3cr3t@h failed',
    'See http://a:s3cr3t@h.',
  );
  expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain('s3cr3t');
});
