import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';

/** The connection broke before an answer came. */
export class ConnectionLost extends ToolError {}

/** @param silent what to do about a host that is not there */
export function connectionLost(what: string, host: string, error: unknown, silent: Reason): ConnectionLost {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  const text = cause instanceof Error ? cause.message : String(cause);
  const advice = /certificate|CERT/i.test(`${code} ${text}`) ? reasonOf('registry.certificate', { host }) : silent;
  return new ConnectionLost('registry', what, code, text, advice);
}
