import type { Service } from '@fairway/service';
import type { Access } from './access.ts';

/**
 * The body of an error as the OpenAI API gives it, so that its clients show the sentence. The id finds the request in the
 * logs of the gateway and the firewall; the gateway fills it in, where it is not known yet.
 * Source: https://platform.openai.com/docs/guides/error-codes
 */
export function errorBody(
  code: string,
  message: string,
  type = 'invalid_request_error',
  id = '%REQ(X-REQUEST-ID)%',
): object {
  return { error: { message, type, param: null, code, request_id: id } };
}

/** One of the gateway's own answers to a request that it does not let through. */
export interface GatewayError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the gateway says where no version answered, by status. */
export function gatewayErrors(service: Service, access: Access): readonly GatewayError[] {
  const { maxRequestBytes } = service.access;
  const later = 'server_error';
  const audience = access.audience ? ` for the audience ${access.audience}` : '';
  return [
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
      message:
        'The token does not allow this request: none of its scopes and roles allows this operation with this model, or it is for another audience.',
    },
    { status: 404, code: 'unknown_url', message: 'The service has nothing at this address.' },
    { status: 408, code: 'request_timeout', message: 'The request did not arrive whole in time. Send it again.' },
    {
      status: 413,
      code: 'request_too_large',
      message: `The request body is larger than the ${maxRequestBytes} bytes that are taken here.`,
    },
    {
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'requests',
      message: 'This client has used up a limit of its requests or tokens. Wait, then try again.',
      // a gateway that knows better says when (retry-after); requests count anew after a minute at the latest
      headers: { 'retry-after': '60' },
    },
    { status: 500, code: 'internal_error', type: later, message: 'The gateway could not handle the request.' },
    { status: 502, code: 'bad_gateway', type: later, message: 'The model gave no valid answer. Try again.' },
    {
      status: 503,
      code: 'service_unavailable',
      type: later,
      message:
        'The model, or what stands in front of it (firewall, limits), does not answer at the moment. Try again in a moment.',
    },
    { status: 504, code: 'timeout', type: later, message: 'The model did not answer in time.' },
  ];
}
