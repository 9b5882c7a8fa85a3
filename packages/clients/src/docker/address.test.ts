import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dockerAddress } from './address.ts';
import { newFolder } from '../../../../test/fixtures/new-folder.ts';

const home = newFolder();

test.each<[string, object, boolean]>([
  ['unix:///run/docker.sock', { socketPath: '/run/docker.sock', host: undefined }, true],
  ['tcp://127.0.0.1:2375', { host: '127.0.0.1', port: '2375', protocol: 'http', socketPath: undefined }, true],
  ['tcp://build.example.org', { host: 'build.example.org', port: '2375', protocol: 'http' }, false],
  ['tcp://build.example.org:2376', { host: 'build.example.org', port: '2376', protocol: 'https' }, false],
  ['ssh://ci@build.example.org', { host: 'build.example.org', port: '22', protocol: 'ssh', username: 'ci' }, false],
])('%s', (host, options, local) => {
  const address = dockerAddress(host, home);
  expect(address.options).toMatchObject(options);
  expect(address.local).toBe(local);
});

// as GitLab's docker:dind has it: tcp://docker:2376, DOCKER_CERT_PATH=/certs/client (https://docs.gitlab.com/ci/docker/using_docker_build/)
test('a daemon over TLS is known by the certificates of a folder, whatever its port', () => {
  const folder = newFolder();
  for (const name of ['ca', 'cert', 'key']) writeFileSync(join(folder, `${name}.pem`), name);
  const pem = { ca: Buffer.from('ca'), cert: Buffer.from('cert'), key: Buffer.from('key') };
  for (const host of ['tcp://docker:2376', 'tcp://docker:12376'])
    expect(dockerAddress(host, home, folder).options).toMatchObject({ ...pem, protocol: 'https' });
  expect(dockerAddress('tcp://docker:2376', home).options).toMatchObject({ ca: undefined, protocol: 'https' });
  expect(dockerAddress('unix:///run/docker.sock', home, folder).options).not.toHaveProperty('ca', pem.ca);
});

test('without an address the usual socket is taken, and the own one of a desktop engine before it', () => {
  expect(dockerAddress(undefined, home).host).toBe('unix:///var/run/docker.sock');
  const desktop = newFolder();
  mkdirSync(join(desktop, '.docker', 'run'), { recursive: true });
  writeFileSync(join(desktop, '.docker', 'run', 'docker.sock'), '');
  expect(dockerAddress('', desktop).host).toBe(`unix://${desktop}/.docker/run/docker.sock`);
});

test.each(['docker.sock', 'unix://docker.sock', 'ftp://a', 'tcp://'])('%s is refused with the known forms', host => {
  expect(() => dockerAddress(host, home)).toThrow('it has none of the known forms: unix:///path/to/docker.sock');
});
