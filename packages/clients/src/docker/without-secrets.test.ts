import { withoutSecrets } from './without-secrets.ts';

test('neither a secret nor a line of one is left in what a build prints', () => {
  const hide = withoutSecrets(
    new Map([
      ['token', Buffer.from('s3cr3t-token\n')],
      ['netrc', Buffer.from('machine pypi.example.com\npassword hunter2-long\n\n')],
      ['short', Buffer.from('a')],
    ]),
  );
  expect(hide('fatal: https://s3cr3t-token@host, password hunter2-long')).toBe('fatal: https://***@host, ***');
  expect(withoutSecrets(undefined)('a')).toBe('a');
});
