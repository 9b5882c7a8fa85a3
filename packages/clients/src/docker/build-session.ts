import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type Docker from 'dockerode';
import type { MethodDefinition, UntypedHandleCall } from '@grpc/grpc-js';
import { codec } from './buildkit-messages.ts';

/** The connection over which BuildKit asks its client for things while it builds. */
export interface BuildSession {
  readonly id: string;
  close(): void;
}

const methods = {
  credentials: '/moby.filesync.v1.Auth/Credentials',
  secret: '/moby.buildkit.secrets.v1.Secrets/GetSecret',
  health: '/grpc.health.v1.Health/Check',
} as const;

/**
 * Opens a BuildKit session that answers three questions: registry credentials (none: base images are pulled anonymously),
 * build secrets, and whether it is alive. Without an answer to the last one BuildKit drops sessions of long builds.
 */
export async function openBuildSession(
  docker: Docker,
  secrets: ReadonlyMap<string, Uint8Array>,
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
  const empty = codec<object>('Empty');
  type Answer = (error: { code: number; details: string } | null, value?: object) => void;
  const add = (
    path: string,
    request: ReturnType<typeof codec<object>>,
    response: ReturnType<typeof codec<object>>,
    handle: unknown,
  ) => {
    const definition: MethodDefinition<object, object> = {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: request.serialize,
      requestDeserialize: request.deserialize,
      responseSerialize: response.serialize,
      responseDeserialize: response.deserialize,
    };
    server.addService({ method: definition }, { method: handle as UntypedHandleCall });
  };
  add(methods.credentials, empty, empty, (_call: unknown, answer: Answer) => answer(null, {}));
  add(methods.health, empty, codec<object>('HealthResponse'), (_call: unknown, answer: Answer) =>
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
  server.createConnectionInjector(ServerCredentials.createInsecure()).injectConnection(socket);
  return {
    id,
    close: () => {
      server.forceShutdown();
      socket.destroy();
    },
  };
}
