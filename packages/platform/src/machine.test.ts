import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { freeSpace, requireDisk, requireMachine, requirePorts, requireShortPaths } from './machine.ts';

test('a port in use is named with its holder and the way to choose another', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const check = requirePorts({ gateway: port });
    await expect(check).rejects.toThrow(
      new RegExp(`Port ${port}, which the platform's gateway would use.*process ${process.pid}.*FAIRWAY_PORT_BASE`),
    );
  } finally {
    server.close();
  }
});

test('a state folder with room for the sockets below it is taken, a longer one refused', () => {
  expect(() => requireShortPaths({ state: '/root/.local/state/fairway', cache: '/c' })).not.toThrow();
  expect(() => requireShortPaths({ state: `/${'deep/'.repeat(12)}`, cache: '/c' })).toThrow('XDG_STATE_HOME');
});

test('folders that do not exist yet are looked up by the one that does', async () => {
  await expect(freeSpace('/nowhere/at/all')).resolves.toBeGreaterThan(0);
});

test('too small a disk is said with what is free and what is needed', async () => {
  // a file system of the kernel that has no room
  const check = requireDisk({ state: '/proc/fairway', cache: '/proc/fairway' }, false);
  await expect(check).rejects.toThrow(
    /\/proc\/fairway has 0\.0 GiB free; the platform needs \d+ GiB to build its parts/,
  );
});

test.each([
  ['darwin', 0, 'runs on Linux only; this is darwin'],
  ['linux', 1000, 'needs root'],
] as const)('on %s as user %i it says what to use instead', (platform, user, said) => {
  const real = Object.getOwnPropertyDescriptor(process, 'platform');
  Object.defineProperty(process, 'platform', { value: platform });
  const getuid = jest.spyOn(process, 'getuid' as never).mockReturnValue(user as never);
  try {
    expect(() => requireMachine()).toThrow(said);
    expect(() => requireMachine()).toThrow('fairway deliver --context none --to optimize');
    // a cluster alone is not enough
    expect(() => requireMachine()).toThrow(/cluster with a gateway, a firewall, an OIDC issuer and Prometheus/);
  } finally {
    getuid.mockRestore();
    if (real) Object.defineProperty(process, 'platform', real);
  }
});
