import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { send } from '../request.ts';
import { ToolError } from '../tool-error.ts';

/**
 * OpenID Connect token by which a job of GitHub Actions proves who it is, good for `audience` and a few minutes.
 * The client of @actions/core would bring its own HTTP stack into every action for this one request.
 * @param environment of the job
 * @throws ToolError when the job may not ask, or GitHub refuses
 * @see https://docs.github.com/actions/reference/security/oidc
 */
export async function runToken(
  environment: Readonly<Record<string, string | undefined>>,
  audience: string,
  signal?: AbortSignal,
): Promise<string> {
  const advice = reasonOf('github.idPermission');
  const [url, bearer] = [environment['ACTIONS_ID_TOKEN_REQUEST_URL'], environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN']];
  if (!url || !bearer) throw new ToolError('github', reasonOf('github.askToken'), undefined, advice);
  const asked = new URL(url);
  asked.searchParams.set('audience', audience);
  const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' };
  const text = await send({ tool: 'github', url: asked.href, headers, signal, advice });
  const { value } = JSON.parse(text) as { value?: string };
  if (!value) throw new ToolError('github', `GET ${asked.href}`, undefined, reasonOf('github.noToken'), advice);
  return value;
}
