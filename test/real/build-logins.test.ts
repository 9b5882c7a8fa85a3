import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuildError, buildImage, connectDocker, removeImage, tagImage } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { baseLayers } from '../../actions/build/src/base-layers.ts';
import { baseImage, platform, registryPassword } from './platform.ts';

jest.setTimeout(300_000);

const { address, username } = platform.registry;
const base = `${address}/fairway-test/private-base:${process.pid}`;
const tag = `fairway-test-private-base:${process.pid}`;
let engine: DockerEngine;
let folder: string;

beforeAll(async () => {
  engine = await connectDocker(platform.docker.host);
  folder = await mkdtemp(join(tmpdir(), 'fairway-private-base-'));
  await mkdir(join(folder, 'context'));
  await writeFile(
    join(folder, 'context/Dockerfile'),
    `FROM ${base} AS wanted\nCOPY Dockerfile /wanted\nFROM wanted AS last\nRUN false\n`,
  );
  await tagImage(engine, baseImage, base);
  const pushed = await engine.docker.getImage(base).push({ authconfig: { username, password: registryPassword } });
  await new Promise((resolve, reject) =>
    engine.docker.modem.followProgress(pushed, error => (error ? reject(error) : resolve(undefined))),
  );
  await removeImage(engine, base);
});
afterAll(async () => {
  await removeImage(engine, tag);
  await rm(folder, { recursive: true });
});

/** Builds the stage of the Dockerfile that can be built, as somebody with a login in Docker's configuration. */
async function build(config: object, target = 'wanted') {
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const context = join(folder, 'context');
  return buildImage(engine, { context, dockerfile: 'Dockerfile', tag, target, dockerConfig: folder });
}

// what one build has pulled another one has too, so those that may not come first
test('a base of a registry that asks for a login is pulled by that of Docker’s configuration, and by none else', async () => {
  for (const config of [{}, { auths: { [address]: { auth: btoa(`${username}:wrong`) } } }]) {
    const error = await build(config).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({ line: 1, output: expect.stringMatching(/401|unauthorized|no basic auth/i) });
  }
  const helper = await build({ credHelpers: { [address]: 'that-is-not-there' } }).catch((caught: unknown) => caught);
  expect(helper).toMatchObject({ output: expect.stringContaining('docker-credential-that-is-not-there') });

  const login = { auths: { [address]: { auth: btoa(`${username}:${registryPassword}`) } } };
  expect((await build(login)).bases).toEqual([{ name: base, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }]);
  expect(await baseLayers(engine, tag, base, new AbortController().signal, folder)).toBeGreaterThan(0);
});

test('a stage that is not there is said', async () => {
  const login = { auths: { [address]: { auth: btoa(`${username}:${registryPassword}`) } } };
  await expect(build(login, 'none')).rejects.toThrow(/none/);
});

/** A client of the agent's protocol (draft-ietf-sshm-ssh-agent), for images that have no OpenSSH: sends one message and prints the type of the answer and its length. */
const askAgent = (message: string) =>
  `perl -MIO::Socket::UNIX -e '$s=IO::Socket::UNIX->new(Peer=>$ENV{SSH_AUTH_SOCK}) or die "none: $!"; print $s pack("H*","${message}"); $s->flush; read $s,$l,4; read $s,$b,unpack("N",$l); print "type ",ord($b)," keys ",(length($b)>1?unpack("N",substr($b,1,4)):"-"),"\\n"'`;

test('a step may use the keys of an SSH agent, and not remove them', async () => {
  const agentSocket = join(folder, 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', agentSocket], { stdio: 'ignore' });
  try {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
    const add = () =>
      execFileSync('ssh-add', ['-q', join(folder, 'key')], {
        env: { ...process.env, SSH_AUTH_SOCK: agentSocket },
        stdio: 'pipe',
      });
    for (let added = false; !added; await new Promise(resolve => setTimeout(resolve, 100)))
      try {
        added = Boolean(add());
      } catch {
        // it does not listen yet
      }
    const lines: string[] = [];
    const context = join(folder, 'ssh');
    await mkdir(context, { recursive: true });
    const run = 'RUN --mount=type=ssh';
    await writeFile(
      join(context, 'Dockerfile'),
      `FROM ${baseImage}\n${run} ${askAgent('000000010b')}\n${run} ${askAgent('0000000113')}\n${run} ${askAgent('000000010b')} # again\n`,
    );
    const request = { context, dockerfile: 'Dockerfile', tag, progress: (line: string) => lines.push(line) };
    // what an earlier run left in the build cache would say nothing
    await buildImage(engine, { ...request, sshAgent: agentSocket, fresh: true });
    // 12: the list of keys; 5: SSH_AGENT_FAILURE, for REMOVE_ALL_IDENTITIES
    expect(lines.filter(line => /^type \d/.test(line))).toEqual(['type 12 keys 1', 'type 5 keys -', 'type 12 keys 1']);
    await expect(buildImage(engine, { ...request, fresh: true })).rejects.toThrow(/no SSH agent|unset|ssh/i);
  } finally {
    agent.kill();
  }
});
