import { parseChallenge } from './challenge.ts';
import { parseRepository } from './address.ts';

test.each([
  ['Basic realm="fairway"', { scheme: 'basic' }],
  [
    'Bearer realm="https://auth.example.org/token",service="registry",scope="repository:a/b:pull,push"',
    {
      scheme: 'bearer',
      realm: 'https://auth.example.org/token',
      service: 'registry',
      scope: 'repository:a/b:pull,push',
    },
  ],
  ['bearer service="x"', undefined],
  ['Negotiate', undefined],
  [null, undefined],
])('%s', (header, expected) => {
  expect(parseChallenge(header)).toEqual(expected);
});

test.each([
  ['127.0.0.1:5000/hello', { host: '127.0.0.1:5000', name: 'hello', origin: 'http://127.0.0.1:5000' }],
  ['localhost/hello', { host: 'localhost', name: 'hello', origin: 'http://localhost' }],
  ['ghcr.io/team/hello-llm', { host: 'ghcr.io', name: 'team/hello-llm', origin: 'https://ghcr.io' }],
])('%s is a repository', (text, expected) => {
  expect(parseRepository(text)).toEqual(expected);
});

test.each(['hello', '/hello', 'ghcr.io/Team/hello', 'ghcr.io/', 'ghcr.io/a:b', 'https://ghcr.io/a'])(
  '%s is none',
  text => {
    expect(() => parseRepository(text)).toThrow('it must be host[:port]/path in lower case');
  },
);
