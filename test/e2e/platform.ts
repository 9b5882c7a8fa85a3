import { readFileSync } from 'node:fs';
import type { PlatformState } from '@fairway/platform';

/** The platform that the test runner brought up. */
export const platform = JSON.parse(readFileSync(process.env['FAIRWAY_TEST_PLATFORM'] ?? '', 'utf8')) as PlatformState;

/** An access token of one of the platform's clients, asked for by plain HTTP. */
export async function accessToken(client: 'user' | 'viewer', scope: string): Promise<string> {
  const { id, secretFile } = platform.issuer.clients[client];
  const secret = readFileSync(secretFile, 'utf8').trim();
  const answer = await fetch(platform.issuer.tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });
  const body = (await answer.json()) as { access_token?: string };
  if (!body.access_token) throw new Error(`The issuer gave no token: ${JSON.stringify(body)}`);
  return body.access_token;
}
