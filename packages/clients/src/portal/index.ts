import { send } from '../request.ts';
import { ToolError } from '../tool-error.ts';

export { evidenceToSend, type RecordWithEvidence } from './evidence-to-send.ts';

export interface DeliveryToSend {
  /** Base address of the portal's backend, such as http://127.0.0.1:17407. */
  readonly baseUrl: string;
  /** External access token of the portal, or the OpenID Connect token of a GitHub run. */
  readonly token: string;
  /** The delivery record. */
  readonly record: object;
  /** Content by digest, as `evidenceToSend` gives it. */
  readonly evidence: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * Sends a delivery to the portal. The same one twice is harmless there, so a lost answer is answered by another try.
 * @returns whether the portal learned something new
 * @throws ToolError when the portal does not answer or refuses; the token is never part of it
 */
export async function sendDelivery(
  delivery: DeliveryToSend,
): Promise<{ readonly id: string; readonly changed: boolean }> {
  const { baseUrl, token, record, evidence, signal } = delivery;
  const url = `${baseUrl.replace(/\/+$/, '')}/api/fairway/deliveries`;
  try {
    const text = await send({
      tool: 'portal',
      url,
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ record, evidence }),
      attempts: 3,
      timeout: 30_000,
      signal,
      advice: 'The delivery itself is not touched by this; check that the portal runs at this address.',
    });
    return JSON.parse(text) as { id: string; changed: boolean };
  } catch (error) {
    throw error instanceof ToolError && typeof error.status === 'number' ? refusal(error) : error;
  }
}

/** The portal's own sentence in place of the JSON around it. */
function refusal(error: ToolError): ToolError {
  const quoted = /"message":("(?:[^"\\]|\\.)*")/.exec(error.output)?.[1];
  const sentence = quoted === undefined ? error.output : (JSON.parse(quoted) as string);
  const advice =
    error.status === 401
      ? 'The portal does not know the token that was sent: check it, or ask its operator for one.'
      : undefined;
  return new ToolError(error.tool, error.request, error.status, sentence, advice);
}
