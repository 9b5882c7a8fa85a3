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
  // several challenges in one header or in two, which fetch joins (RFC 9110, 11.6.1)
  [
    'Basic realm="x", Bearer realm="https://a.example/t",service=s',
    { scheme: 'bearer', realm: 'https://a.example/t', service: 's' },
  ],
  [
    'Bearer realm="https://a.example/t", Basic realm="Artifactory Realm"',
    { scheme: 'bearer', realm: 'https://a.example/t' },
  ],
  ['Negotiate, BASIC realm="Sonatype Nexus Repository Manager"', { scheme: 'basic' }],
  [
    'Bearer realm="https://a.example/t",error="a \\"quoted\\" word, and more",scope="x"',
    { scheme: 'bearer', realm: 'https://a.example/t', scope: 'x' },
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
  ['[fd00::1]:5000/a', { host: '[fd00::1]:5000', name: 'a', origin: 'https://[fd00::1]:5000' }],
  ['[::1]:5000/a', { host: '[::1]:5000', name: 'a', origin: 'http://[::1]:5000' }],
  // registry.ConvertToHostname and the endpoints of Docker's client
  ['docker.io/team/a', { host: 'docker.io', name: 'team/a', origin: 'https://registry-1.docker.io' }],
  ['index.docker.io/team/a', { host: 'docker.io', name: 'team/a', origin: 'https://registry-1.docker.io' }],
  [
    'registry.internal:80/a__b/c---d',
    { host: 'registry.internal:80', name: 'a__b/c---d', origin: 'https://registry.internal:80' },
  ],
  ['ghcr.io/team/hello-llm', { host: 'ghcr.io', name: 'team/hello-llm', origin: 'https://ghcr.io' }],
])('%s is a repository', (text, expected) => {
  expect(parseRepository(text)).toEqual(expected);
});

// the grammar of names is in "Pulling manifests" of the distribution specification 1.1
test.each([
  ...['hello', '/hello', 'ghcr.io/Team/hello', 'ghcr.io/', 'ghcr.io/a:b', 'https://ghcr.io/a'],
  ...['ghcr.io/a//b', 'ghcr.io/a..b', 'ghcr.io/a._b', 'ghcr.io/a___b', 'ghcr.io/-a', 'ghcr.io/a/', 'jo:x@ghcr.io/a'],
])('%s is none', text => {
  expect(() => parseRepository(text)).toThrow('it must be host[:port]/path in lower case');
});

test('a host that a cluster would take for a namespace of Docker Hub is said', () => {
  expect(() => parseRepository('registry/team/a')).toThrow('Write docker.io/registry/… if it is there');
});

test('no password before a host is shown, and a port is one of TCP', () => {
  expect(() => parseRepository('jo:hunter2@r.example/a')).toThrow('"***@r.example/a"');
  expect(() => parseRepository('r.example:65536/a')).toThrow('it must be host[:port]/path in lower case');
  expect(parseRepository('r.example:65535/a').host).toBe('r.example:65535');
});
