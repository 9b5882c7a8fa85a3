import type { Service } from '@fairway/service';
import type { Access } from './access.ts';

/**
 * The body of an error as the OpenAI API gives it, so that its clients show the sentence. The id finds the request in the
 * logs of the gateway and the firewall; the gateway fills it in.
 * Source: https://platform.openai.com/docs/guides/error-codes
 */
export function errorBody(code: string, message: string, type = 'invalid_request_error'): object {
  return { error: { message, type, param: null, code, request_id: '%REQ(X-REQUEST-ID)%' } };
}

interface GatewayError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What stands in the place of the gateway's own answers, which are plain text. Answers of the engine are left as they are. */
export function errorResponses(service: Service, access: Access): readonly object[] {
  const { chatScope, modelsScope, requestsPerMinute, maxRequestBytes } = service.access;
  const later = 'server_error';
  const audience = access.audience ? ` for the audience ${access.audience}` : '';
  const errors: readonly GatewayError[] = [
    { status: 400, code: 'invalid_request', message: 'The gateway could not read the request.' },
    {
      status: 401,
      code: 'invalid_api_key',
      message: `The request carries no valid access token. Send one of the issuer ${access.issuer}${audience} as the API key (authorization: Bearer TOKEN); fetch a new one when this one has ended.`,
      // RFC 6750, 3
      headers: { 'www-authenticate': `Bearer realm="${service.name}"` },
    },
    {
      status: 403,
      code: 'insufficient_permissions',
      message: `The token does not allow this request. It must be one${audience} of a client that may ask; the list of models asks for the scope ${modelsScope} or ${chatScope}, everything else for ${chatScope}.`,
    },
    { status: 404, code: 'unknown_url', message: 'The service has nothing at this address.' },
    {
      status: 413,
      code: 'request_too_large',
      message: `The request body is larger than the ${maxRequestBytes} bytes that this service takes.`,
    },
    {
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'requests',
      message: `One user may send ${requestsPerMinute} requests a minute to this service. Wait, then try again.`,
      // the limit counts anew after a minute at the latest; clients of the API wait as long
      headers: { 'retry-after': '60' },
    },
    { status: 500, code: 'internal_error', type: later, message: 'The gateway could not handle the request.' },
    { status: 502, code: 'bad_gateway', type: later, message: 'The model gave no valid answer. Try again.' },
    {
      status: 503,
      code: 'service_unavailable',
      type: later,
      message: 'The model, or the firewall in front of it, does not answer at the moment. Try again in a moment.',
    },
    { status: 504, code: 'timeout', type: later, message: 'The model did not answer in time.' },
  ];
  return errors.map(({ status, code, message, type, headers = {} }) => ({
    match: {
      statusCodes: [{ type: 'Value', value: status }],
      // the firewall's own denials are JSON already, and say more
      ...(status < 500
        ? { responseHeaders: [{ name: 'content-type', value: { type: 'Exact', value: 'text/plain' } }] }
        : {}),
    },
    source: 'Local',
    response: {
      contentType: 'application/json',
      body: { type: 'Inline', inline: JSON.stringify(errorBody(code, message, type)) },
      header: { set: Object.entries(headers).map(([name, value]) => ({ name, value })) },
    },
  }));
}
