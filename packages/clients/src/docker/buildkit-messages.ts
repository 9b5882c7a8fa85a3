import protobuf from 'protobufjs/light.js';

// The messages are described here and not read from .proto files, so that a bundle needs no files beside it.
// Field numbers are BuildKit's (api/services/control, session/auth, session/secrets, session/sshforward) and gRPC's health protocol.
const text = (id: number) => ({ type: 'string', id });
const flag = (id: number) => ({ type: 'bool', id });
const root = protobuf.Root.fromJSON({
  nested: {
    Timestamp: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } },
    Vertex: {
      fields: {
        digest: text(1),
        name: text(3),
        cached: flag(4),
        started: { type: 'Timestamp', id: 5 },
        completed: { type: 'Timestamp', id: 6 },
        error: text(7),
      },
    },
    VertexLog: { fields: { vertex: text(1), stream: { type: 'int32', id: 3 }, msg: { type: 'bytes', id: 4 } } },
    StatusResponse: {
      fields: {
        vertexes: { rule: 'repeated', type: 'Vertex', id: 1 },
        logs: { rule: 'repeated', type: 'VertexLog', id: 3 },
      },
    },
    CredentialsRequest: { fields: { Host: text(1) } },
    CredentialsResponse: { fields: { Username: text(1), Secret: text(2) } },
    SecretRequest: { fields: { ID: text(1) } },
    SecretResponse: { fields: { data: { type: 'bytes', id: 1 } } },
    CheckAgentRequest: { fields: { ID: text(1) } },
    BytesMessage: { fields: { data: { type: 'bytes', id: 1 } } },
    HealthResponse: { fields: { status: { type: 'int32', id: 1 } } },
    Empty: { fields: {} },
  },
});

export interface BuildVertex {
  readonly digest: string;
  /** Such as "[2/5] RUN make"; empty in later news of a vertex whose name is known. */
  readonly name: string;
  readonly cached: boolean;
  readonly started: boolean;
  readonly completed: boolean;
  readonly error: string;
}

/** A piece of what a step prints: not a line, and not always whole characters. */
export interface BuildLog {
  readonly vertex: string;
  /** 1 is its standard output, 2 its standard error. */
  readonly stream: number;
  readonly bytes: Uint8Array;
}

export interface BuildStatus {
  readonly vertexes: readonly BuildVertex[];
  readonly logs: readonly BuildLog[];
}

interface RawStatus {
  vertexes: {
    digest: string;
    name: string;
    cached: boolean;
    started: object | null;
    completed: object | null;
    error: string;
  }[];
  logs: { vertex: string; stream: number; msg: Uint8Array }[];
}

/** Decodes the base64 body of a `moby.buildkit.trace` event. */
export function decodeBuildStatus(base64: string): BuildStatus {
  const type = root.lookupType('StatusResponse');
  const raw = type.toObject(type.decode(Buffer.from(base64, 'base64')), {
    defaults: true,
    arrays: true,
  }) as unknown as RawStatus;
  return {
    vertexes: raw.vertexes.map(vertex => ({
      digest: vertex.digest,
      name: vertex.name,
      cached: vertex.cached,
      started: vertex.started !== null,
      completed: vertex.completed !== null,
      error: vertex.error,
    })),
    logs: raw.logs.map(({ vertex, stream, msg }) => ({ vertex, stream, bytes: msg })),
  };
}

/** Encoder and decoder of one message, in the shape gRPC wants. */
export function codec<T extends object>(
  name:
    | 'Empty'
    | 'CredentialsRequest'
    | 'CredentialsResponse'
    | 'CheckAgentRequest'
    | 'BytesMessage'
    | 'SecretRequest'
    | 'SecretResponse'
    | 'HealthResponse',
) {
  const type = root.lookupType(name);
  return {
    serialize: (value: T): Buffer => Buffer.from(type.encode(type.create(value)).finish()),
    deserialize: (bytes: Buffer): T => type.toObject(type.decode(bytes), { defaults: true }) as T,
  };
}
