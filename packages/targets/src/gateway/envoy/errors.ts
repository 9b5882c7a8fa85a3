import type { Service } from '@fairway/service';
import type { Access } from '../access.ts';
import { errorBody, gatewayErrors } from '../errors.ts';

/** What stands in the place of the gateway's own answers, which are plain text. Answers of the engine are left as they are. */
export function errorResponses(service: Service, access: Access): readonly object[] {
  return gatewayErrors(service, access).map(({ status, code, message, type, headers = {} }) => ({
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
