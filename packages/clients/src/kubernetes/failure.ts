import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';

interface Status {
  readonly message?: string;
  readonly reason?: string;
}

/** Nothing was sent, because what the kubeconfig names for signing in cannot be used. */
export class LoginError extends Error {
  /** Program of the kubeconfig that gives the credentials, if one does. */
  readonly program: string | undefined;

  constructor(reason: Error, program: string | undefined) {
    super(reason.message.trim());
    this.program = program;
  }
}

/** Turns what a request to the API server ended with into one paragraph that says what to do. */
export function failure(method: string, url: string, context: string, status: number, body: string): ToolError;
export function failure(method: string, url: string, context: string, error: Error): ToolError;
export function failure(method: string, url: string, context: string, ended: number | Error, body = ''): ToolError {
  const request = reasonOf('request.inContext', { request: `${method} ${url}`, context });
  if (ended instanceof LoginError)
    return new ToolError('kubernetes', request, undefined, ended.message, loginAdvice(ended.program));
  if (typeof ended !== 'number') {
    const code = (ended as NodeJS.ErrnoException).code;
    return new ToolError(
      'kubernetes',
      request,
      code,
      ended.message || reasonOf('kubernetes.noConnection'),
      connectionAdvice(code),
    );
  }
  const message = statusMessage(body);
  return new ToolError('kubernetes', request, ended, message, statusAdvice(ended, message));
}

function statusMessage(body: string): string {
  try {
    return (JSON.parse(body) as Status).message ?? body.slice(0, 500);
  } catch (error) {
    // proxies and load balancers answer in their own words
    if (error instanceof SyntaxError) return body.slice(0, 500);
    throw error;
  }
}

function loginAdvice(program: string | undefined): Reason {
  return program === undefined ? reasonOf('login.missing') : reasonOf('login.program', { program });
}

function connectionAdvice(code: string | undefined): Reason {
  if (code?.startsWith('ERR_OSSL')) return reasonOf('login.unreadable');
  if (code === 'ERR_INVALID_URL') return reasonOf('kubernetes.address');
  if (code === 'CERT_HAS_EXPIRED') return reasonOf('kubernetes.expired');
  if (code?.startsWith('ERR_SSL') && code.includes('ALERT')) return reasonOf('login.rejected');
  if (code?.includes('CERT') || code?.includes('SIGNATURE')) {
    return reasonOf('kubernetes.otherCertificate');
  }
  return reasonOf('kubernetes.silent');
}

function statusAdvice(status: number, message: string): Reason | undefined {
  switch (status) {
    case 401:
      return reasonOf('login.denied');
    case 403:
      return message.includes('quota') ? reasonOf('kubernetes.quota') : reasonOf('kubernetes.forbidden');
    case 409:
      return reasonOf('kubernetes.conflict');
    default:
      return undefined;
  }
}
