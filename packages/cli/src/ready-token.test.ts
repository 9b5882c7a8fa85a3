import { readyToken } from './ready-token.ts';

test('a line break at the end belongs to the file that the token came from', () => {
  expect(readyToken('sk-abc|1:2=\r\n')).toBe('sk-abc|1:2=');
  expect(readyToken(undefined)).toBeUndefined();
});

test.each(['Bearer abc', 'abc\ndef', 'abc\u00a0def'])('%j is no token, and is not shown', text => {
  expect(() => readyToken(text)).toThrow(
    /^FAIRWAY_TOKEN takes a token alone, without "Bearer" before it; found (?!.*abc)/,
  );
});
