import type { ClusterEvent } from '../workload.ts';
import type { NamedContainer } from './container-name.ts';
import { final, passing, type Diagnosis } from './finding.ts';

/** Why an image does not come, from what the registry answered. */
export function imagePull(
  { status, name, engine }: NamedContainer,
  events: readonly ClusterEvent[],
  waiting: { readonly reason?: string; readonly message?: string },
): Diagnosis {
  const image = status.image ?? 'the image';
  const whose = engine ? '' : ` of ${name.replace(/^The/, 'the')}`;
  const answer = answerOf(events, waiting.message ?? '', image);
  const words = lastWords(answer, image);
  const kind = kindOf(answer, image, waiting.reason ?? '');
  const cause = `${kind.cause(`${image}${whose}`)}: ${words}.`;
  // a busy node may not have the secret in time for the first attempt, and tries again with it
  const withoutSecret =
    kind === refusedPull && events.some(({ reason }) => reason === 'FailedToRetrieveImagePullSecret');
  if (withoutSecret) return passing(`${cause} The node did not have the pull secret and tries again.`);
  return kind.final ? final(cause) : passing(cause);
}

interface Kind {
  cause(image: string): string;
  readonly final: boolean;
}

const byReason: Readonly<Record<string, Kind>> = {
  InvalidImageName: { cause: image => `${image} is no name of an image`, final: true },
  ErrImageNeverPull: { cause: image => `${image} is not on the node, and the pod may not pull it`, final: true },
  SignatureValidationFailed: {
    cause: image => `The signature of ${image} does not satisfy the policy of the node`,
    final: true,
  },
};

const refusedPull: Kind = {
  cause: image => `The registry does not let the cluster pull ${image}: the pull credentials are missing or wrong`,
  final: true,
};

// in this order: an answer may hold several of the words
const byAnswer: readonly (readonly [RegExp, Kind])[] = [
  [
    /\b429\b|too ?many ?requests|QPS exceeded|rate limit/i,
    { cause: image => `${image} comes later: pulls are limited at the moment`, final: false },
  ],
  [/no space left/i, { cause: image => `The disk of the node is too full for ${image}`, final: false }],
  [
    /x509|certificate/i,
    { cause: image => `The node does not trust the certificate of the registry of ${image}`, final: true },
  ],
  [/\b40[13]\b|unauthorized|authorization failed|insufficient_scope|denied|no basic auth/i, refusedPull],
  [
    /connection (refused|reset)|no such host|timeout|timed out|deadline exceeded|i\/o|unreachable|EOF|server misbehaving|unavailable|\b50[0-4]\b|TLS handshake/i,
    { cause: image => `The cluster cannot reach the registry of ${image}`, final: false },
  ],
  [
    /no match for platform|no matching manifest/i,
    { cause: image => `${image} is not built for the processor of the node`, final: true },
  ],
  [/not found|manifest unknown|\b404\b/i, { cause: image => `${image} is not in the registry`, final: true }],
];

const unknown: Kind = { cause: image => `The cluster cannot pull ${image}`, final: false };

function kindOf(answer: string, image: string, reason: string): Kind {
  // digits of a digest or of a name are no status of a registry
  const plain = answer.replaceAll(image, '').replace(/sha256:[0-9a-f]+/g, '');
  return byReason[reason] ?? byAnswer.find(([pattern]) => pattern.test(plain))?.[1] ?? unknown;
}

/** Before 1.31 the waiting message only says "back-off", and the event holds what the registry answered. */
function answerOf(events: readonly ClusterEvent[], message: string, image: string): string {
  const after = message
    .replace(/^Back-off pulling image( "[^"]*")?(: )?/, '')
    .replaceAll(image, '')
    .trim();
  if (after) return message;
  return (
    events.find(({ reason, message: text }) => reason === 'Failed' && /pull/i.test(text ?? ''))?.message ?? message
  );
}

/** Container runtimes wrap an answer once for every layer it went through; only the innermost says something. */
function lastWords(answer: string, image: string): string {
  const inner = answer.split('": ').at(-1) ?? answer;
  return inner.replace(`${image}: `, '').trim().replace(/\.$/, '');
}
