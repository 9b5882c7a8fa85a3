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
  const request = `${method} ${url} (context "${context}")`;
  if (ended instanceof LoginError)
    return new ToolError('kubernetes', request, undefined, ended.message, loginAdvice(ended.program));
  if (typeof ended !== 'number') {
    const code = (ended as NodeJS.ErrnoException).code;
    return new ToolError('kubernetes', request, code, ended.message || 'no connection', connectionAdvice(code));
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

function loginAdvice(program: string | undefined): string {
  return program === undefined
    ? 'Nothing was sent: the kubeconfig names this for its login. Put it there, or fetch a new kubeconfig.'
    : `Nothing was sent: the kubeconfig signs in with the program "${program}". Install it, or sign in with it, until kubectl works with this context.`;
}

function connectionAdvice(code: string | undefined): string {
  if (code?.startsWith('ERR_OSSL'))
    return 'Nothing was sent: a certificate or key of the kubeconfig cannot be read. Fetch a new kubeconfig.';
  if (code === 'ERR_INVALID_URL') return 'Correct the server address in the kubeconfig.';
  if (code === 'CERT_HAS_EXPIRED') return "The cluster's certificate has expired: its administrator has to renew it.";
  if (code?.startsWith('ERR_SSL') && code.includes('ALERT'))
    return 'The cluster does not accept the certificate in the kubeconfig: it may have expired. Fetch a new kubeconfig.';
  if (code?.includes('CERT') || code?.includes('SIGNATURE')) {
    return "The cluster's certificate is not the one the kubeconfig expects: fetch a new kubeconfig.";
  }
  return 'The cluster does not answer there: start it, or check the network and the server address in the kubeconfig.';
}

function statusAdvice(status: number, message: string): string | undefined {
  switch (status) {
    case 401:
      return 'The login in the kubeconfig is not accepted: it may have expired.';
    case 403:
      return message.includes('quota')
        ? 'Ask for a larger quota or ask for less in resources of fairway.yaml.'
        : 'Ask an administrator of the cluster for this permission.';
    case 409:
      return 'Somebody else manages these fields: let them give the fields up, or take them out of their manifests.';
    default:
      return undefined;
  }
}
