import protobuf from 'protobufjs/light.js';

// Described here and not read from .proto files, so that the bundle needs no files beside it. The part of Envoy's
// envoy/service/ext_proc/v3/external_processor.proto that is used, with its field numbers; what is left out is skipped when read.
const text = (id: number) => ({ type: 'string', id });
const bytes = (id: number) => ({ type: 'bytes', id });
const flag = (id: number) => ({ type: 'bool', id });
const number = (id: number) => ({ type: 'int32', id });
const message = (type: string, id: number) => ({ type, id });
const map = (type: string, id: number): protobuf.IMapField => ({ keyType: 'string', type, id });

const root = protobuf.Root.fromJSON({
  nested: {
    HeaderValue: { fields: { key: text(1), value: text(2), rawValue: bytes(3) } },
    HeaderMap: { fields: { headers: { rule: 'repeated', type: 'HeaderValue', id: 1 } } },
    Value: {
      oneofs: { kind: { oneof: ['stringValue', 'structValue'] } },
      fields: { stringValue: text(3), structValue: message('Struct', 5) },
    },
    Struct: { fields: { fields: map('Value', 1) } },
    Metadata: { fields: { filterMetadata: map('Struct', 1) } },
    HttpHeaders: { fields: { headers: message('HeaderMap', 1), endOfStream: flag(3) } },
    HttpBody: { fields: { body: bytes(1), endOfStream: flag(2) } },
    HttpTrailers: { fields: { trailers: message('HeaderMap', 1) } },
    ProcessingRequest: {
      oneofs: {
        request: {
          oneof: [
            'requestHeaders',
            'responseHeaders',
            'requestBody',
            'responseBody',
            'requestTrailers',
            'responseTrailers',
          ],
        },
      },
      fields: {
        requestHeaders: message('HttpHeaders', 2),
        responseHeaders: message('HttpHeaders', 3),
        requestBody: message('HttpBody', 4),
        responseBody: message('HttpBody', 5),
        requestTrailers: message('HttpTrailers', 6),
        responseTrailers: message('HttpTrailers', 7),
        metadataContext: message('Metadata', 8),
      },
    },
    HeaderValueOption: { fields: { header: message('HeaderValue', 1), appendAction: number(3) } },
    HeaderMutation: {
      fields: {
        setHeaders: { rule: 'repeated', type: 'HeaderValueOption', id: 1 },
      },
    },
    CommonResponse: { fields: { status: number(1), headerMutation: message('HeaderMutation', 2) } },
    Response: { fields: { response: message('CommonResponse', 1) } },
    TrailersResponse: { fields: { headerMutation: message('HeaderMutation', 1) } },
    HttpStatus: { fields: { code: number(1) } },
    ImmediateResponse: {
      fields: {
        status: message('HttpStatus', 1),
        headers: message('HeaderMutation', 2),
        body: bytes(3),
        details: text(5),
      },
    },
    ProcessingMode: {
      fields: { responseHeaderMode: number(2), requestBodyMode: number(3), responseBodyMode: number(4) },
    },
    ProcessingResponse: {
      oneofs: {
        response: {
          oneof: [
            'requestHeaders',
            'responseHeaders',
            'requestBody',
            'responseBody',
            'requestTrailers',
            'responseTrailers',
            'immediateResponse',
          ],
        },
      },
      fields: {
        requestHeaders: message('Response', 1),
        responseHeaders: message('Response', 2),
        requestBody: message('Response', 3),
        responseBody: message('Response', 4),
        requestTrailers: message('TrailersResponse', 5),
        responseTrailers: message('TrailersResponse', 6),
        immediateResponse: message('ImmediateResponse', 7),
        dynamicMetadata: message('Struct', 8),
        modeOverride: message('ProcessingMode', 9),
      },
    },
  },
});

export interface Headers {
  readonly headers?: {
    readonly headers?: readonly { readonly key: string; readonly value?: string; readonly rawValue?: Uint8Array }[];
  };
  readonly endOfStream?: boolean;
}

export interface Body {
  readonly body?: Uint8Array;
  readonly endOfStream?: boolean;
}

export interface Struct {
  readonly fields?: Readonly<Record<string, { readonly stringValue?: string; readonly structValue?: Struct }>>;
}

/** What Envoy says of an exchange: one of its parts. */
export interface ProcessingRequest {
  readonly requestHeaders?: Headers;
  readonly responseHeaders?: Headers;
  readonly requestBody?: Body;
  readonly responseBody?: Body;
  readonly requestTrailers?: object;
  readonly responseTrailers?: object;
  /** Of the filters that the policy names. */
  readonly metadataContext?: { readonly filterMetadata?: Readonly<Record<string, Struct>> };
}

interface Mutation {
  readonly setHeaders?: readonly {
    readonly header: { readonly key: string; readonly rawValue: Uint8Array };
    readonly appendAction: number;
  }[];
}

interface Common {
  readonly response?: { readonly headerMutation?: Mutation };
}

/** What Envoy is to do with that part. */
export type ProcessingResponse =
  | { readonly requestHeaders: Common; readonly dynamicMetadata?: Struct }
  | {
      readonly responseHeaders: Common;
      readonly modeOverride?: { readonly responseHeaderMode: number; readonly responseBodyMode: number };
    }
  | { readonly requestBody: Common }
  | { readonly responseBody: Common }
  | { readonly requestTrailers: object }
  | { readonly responseTrailers: object }
  | {
      readonly immediateResponse: {
        readonly status: { readonly code: number };
        readonly headers: Mutation;
        readonly body: Uint8Array;
        readonly details: string;
      };
    };

const request = root.lookupType('ProcessingRequest');
const response = root.lookupType('ProcessingResponse');

export const readRequest = (buffer: Buffer) => request.decode(buffer) as unknown as ProcessingRequest;
export const writeRequest = (value: ProcessingRequest) =>
  Buffer.from(request.encode(request.fromObject(value)).finish());
export const readResponse = (buffer: Buffer) => response.decode(buffer) as unknown as ProcessingResponse;
export const writeResponse = (value: ProcessingResponse) =>
  Buffer.from(response.encode(response.fromObject(value)).finish());

/** `OVERWRITE_IF_EXISTS_OR_ADD` */
const overwrite = 2;

export function setHeaders(values: Readonly<Record<string, string>>): Mutation {
  return {
    setHeaders: Object.entries(values).map(([key, value]) => ({
      header: { key, rawValue: Buffer.from(value) },
      appendAction: overwrite,
    })),
  };
}

/** By name; values of a name that comes twice are one list (RFC 9110, 5.3). */
export function headerValues({ headers }: Headers): Readonly<Record<string, string>> {
  const values = new Map<string, string>();
  for (const { key, value, rawValue } of headers?.headers ?? []) {
    const text = rawValue?.length ? Buffer.from(rawValue).toString() : (value ?? '');
    values.set(key, values.has(key) ? `${values.get(key)}, ${text}` : text);
  }
  return Object.fromEntries(values);
}
