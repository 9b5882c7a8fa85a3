import { ConfigurationError } from '@fairway/service/configuration-error';
import { connectionAdvice } from '@fairway/clients/inference/index';
import type { Answer, InferenceEndpoint } from '@fairway/clients/inference/index';
import { comeBackAdvice } from '@fairway/load';
import type { Patience, RequestHeaders } from '@fairway/load';
import { english, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { tokenAdvice } from './token-advice.ts';

/**
 * The model of a server that has one.
 * @param issued whether the tokens come from --token-url
 * @throws ConfigurationError where its list of models does not say it
 */
export async function onlyModel(
  endpoint: InferenceEndpoint,
  headers: RequestHeaders,
  signal: AbortSignal,
  patience: Patience,
  issued = false,
): Promise<string> {
  const answer = await patience.ask<Answer | NodeJS.ErrnoException>(
    () =>
      endpoint.call('GET', '/v1/models', undefined, { headers, signal }).catch((error: NodeJS.ErrnoException) => {
        signal.throwIfAborted();
        return error;
      }),
    said => (said instanceof Error ? { headers: {}, code: said.code } : said),
  );
  if (answer instanceof Error) {
    // a timeout has a number there
    const code = typeof answer.code === 'string' ? answer.code : undefined;
    throw new ConfigurationError(
      `No answer comes from ${endpoint.url}: ${code ?? answer.message}. ${english(connectionAdvice(code))} --url takes the address before /v1.`,
    );
  }
  const names = answer.status === 200 ? modelNames(answer.body) : undefined;
  if (names?.length === 1) return names[0]!;
  const why = names
    ? `${endpoint.url} has ${names.length === 0 ? 'no model' : `${names.length} models: ${names.slice(0, 10).join(', ')}`}. Name one with --model.`
    : `${endpoint.url}/v1/models ${withoutList(answer, tokenAdvice(answer.status, headers, issued))}`;
  throw new ConfigurationError(why);
}

function withoutList(answer: Answer, ofToken: string | undefined): string {
  const { status, headers, body } = answer;
  const coding = headers['content-encoding'];
  if (coding)
    return `answers HTTP ${status} in a body that is compressed (${coding}), though the request asks for none. Turn compression off there.`;
  const answered =
    status === 200 ? `answers no list of models: ${JSON.stringify(body.slice(0, 80))}` : `answers HTTP ${status}`;
  if (status >= 300 && status < 400)
    return `${answered} and leads to ${headers['location'] ?? 'nowhere'}. Redirects are not followed: give the address behind it with --url.`;
  const later = comeBackAdvice(answer);
  if (later) return `${answered}. ${english(later)}`;
  // a token that may not list the models may use one
  const advice = {
    429: 'endpoint.limited',
    502: 'endpoint.notReady',
    503: 'endpoint.notReady',
    504: 'endpoint.notReady',
  } as const;
  if (status in advice) return `${answered}. ${english(reasonOf(advice[status as keyof typeof advice]))}`;
  if (ofToken)
    return `${answered}: ${JSON.stringify(body.slice(0, 80))}. ${ofToken}${status === 403 ? ' With --model nobody lists them.' : ''}`;
  return `${answered}. Check that --url is the address before /v1, or name the model with --model.`;
}

/** Undefined where it is no list as https://platform.openai.com/docs/api-reference/models/list describes it. */
function modelNames(body: string): readonly string[] | undefined {
  try {
    const { data } = JSON.parse(body) as { data: readonly { id: unknown }[] };
    const names = data.map(({ id }) => id);
    return names.every(name => typeof name === 'string') ? names : undefined;
  } catch (error) {
    // no JSON, or JSON of another shape
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
