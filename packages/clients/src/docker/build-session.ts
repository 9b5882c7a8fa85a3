import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { MethodDefinition, UntypedHandleCall } from '@grpc/grpc-js';
import { dockerCredentials } from '../registry/docker-credentials.ts';
import type { BuildRequest } from './build.ts';
import { codec } from './buildkit-messages.ts';
import { forwardAgent } from './ssh-agent.ts';

/** The connection over which BuildKit asks its client for things while it builds. */
export interface BuildSession {
  readonly id: string;
  close(): void;
}

const methods = {
  credentials: '/moby.filesync.v1.Auth/Credentials',
  secret: '/moby.buildkit.secrets.v1.Secrets/GetSecret',
  checkAgent: '/moby.sshforward.v1.SSH/CheckAgent',
  forwardAgent: '/moby.sshforward.v1.SSH/ForwardAgent',
  health: '/grpc.health.v1.Health/Check',
} as const;

/**
 * Opens a BuildKit session that answers what a build asks for: registry credentials (those of Docker's configuration, for the registries
 * that BuildKit pulls from), build secrets, an SSH agent, and whether it is alive. Without an answer to the last one BuildKit drops sessions of long
 * builds.
 */
export async function openBuildSession(
  docker: Docker,
  { secrets = new Map(), dockerConfig, sshAgent }: Pick<BuildRequest, 'secrets' | 'dockerConfig' | 'sshAgent'>,
): Promise<BuildSession> {
  const { Server, ServerCredentials, status } = await import('./grpc.ts');
  const id = randomUUID();
  const socket = await new Promise<Socket>((resolve, reject) => {
    const headers = {
      Upgrade: 'h2c',
      'X-Docker-Expose-Session-Uuid': id,
      'X-Docker-Expose-Session-Name': 'fairway',
      'X-Docker-Expose-Session-Grpc-Method': Object.values(methods),
    };
    const statusCodes = { 101: true, 200: true, 500: 'server error' };
    // the modem's types know only plain header values
    const request = { method: 'POST', path: '/session', hijack: true, headers, statusCodes } as unknown as Parameters<
      Docker['modem']['dial']
    >[0];
    docker.modem.dial(request, (error, data) => (error ? reject(error) : resolve(data as Socket)));
  });
  const server = new Server();
  type Answer = (error: { code: number; details: string } | null, value?: object) => void;
  const add = (
    path: string,
    request: ReturnType<typeof codec<object>>,
    response: ReturnType<typeof codec<object>>,
    handle: unknown,
    isStream = false,
  ) => {
    const definition: MethodDefinition<object, object> = {
      path,
      requestStream: isStream,
      responseStream: isStream,
      requestSerialize: request.serialize,
      requestDeserialize: request.deserialize,
      responseSerialize: response.serialize,
      responseDeserialize: response.deserialize,
    };
    server.addService({ method: definition }, { method: handle as UntypedHandleCall });
  };
  add(
    methods.credentials,
    codec<object>('CredentialsRequest'),
    codec<object>('CredentialsResponse'),
    ({ request }: { request: { Host: string } }, answer: Answer) => {
      credentialsFor(request.Host, dockerConfig).then(
        found => answer(null, found),
        // as Docker's client: a login that cannot be read is an error, and the limits of those without one are not used up unseen
        (error: Error) => answer({ code: status.UNKNOWN, details: error.message }),
      );
    },
  );
  add(methods.health, codec<object>('Empty'), codec<object>('HealthResponse'), (_call: unknown, answer: Answer) =>
    answer(null, { status: 1 }),
  );
  add(
    methods.secret,
    codec<object>('SecretRequest'),
    codec<object>('SecretResponse'),
    (call: { request: { ID: string } }, answer: Answer) => {
      const data = secrets.get(call.request.ID);
      if (data) answer(null, { data });
      else answer({ code: status.NOT_FOUND, details: `there is no build secret "${call.request.ID}"` });
    },
  );
  add(
    methods.checkAgent,
    codec<object>('CheckAgentRequest'),
    codec<object>('Empty'),
    ({ request: { ID: asked } }: { request: { ID: string } }, answer: Answer) => {
      if (sshAgent && ['', 'default'].includes(asked)) answer(null, {});
      else answer({ code: status.NOT_FOUND, details: `there is no SSH agent "${asked || 'default'}"` });
    },
  );
  add(
    methods.forwardAgent,
    codec<object>('BytesMessage'),
    codec<object>('BytesMessage'),
    (stream: Duplex) => (sshAgent ? forwardAgent(stream, sshAgent) : stream.end()),
    true,
  );
  server.createConnectionInjector(ServerCredentials.createInsecure()).injectConnection(socket);
  return {
    id,
    close: () => {
      server.forceShutdown();
      socket.destroy();
    },
  };
}

/** In the form of BuildKit's auth.proto: a secret without a user is a token that the token service takes in place of a password. */
async function credentialsFor(host: string, dockerConfig: string | undefined): Promise<object> {
  const { username, password, identityToken } = await dockerCredentials(
    host === 'registry-1.docker.io' ? 'docker.io' : host,
    dockerConfig,
  );
  if (identityToken !== undefined) return { Secret: identityToken };
  return username === undefined ? {} : { Username: username, Secret: password ?? '' };
}
