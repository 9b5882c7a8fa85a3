import { errorBody } from '@fairway/targets/gateway/errors';

/** What a client gets that has all of its places taken. When one is free again, nobody knows. */
export function refusal(running: number, most: number, requestId: string) {
  const message = `This client has ${running} requests running at this model, and may have ${most}. Wait until one of them has ended, then try again.`;
  return {
    headers: { 'content-type': 'application/json', 'retry-after': '1', 'x-concurrent-requests-remaining': '0' },
    body: Buffer.from(JSON.stringify(errorBody('rate_limit_exceeded', message, 'requests', requestId))),
  };
}
