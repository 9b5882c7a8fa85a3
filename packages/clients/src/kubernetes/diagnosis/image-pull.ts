import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';
import type { ClusterEvent, Pod } from '../workload.ts';
import type { NamedContainer } from './container-name.ts';
import { final, passing, type Diagnosis } from './finding.ts';

/** Why an image does not come, from what the registry answered. */
export function imagePull(
  pod: Pod,
  { status, name: container, engine }: NamedContainer,
  events: readonly ClusterEvent[],
  waiting: { readonly reason?: string; readonly message?: string },
): Diagnosis {
  const volume = volumeOf(pod, waiting.message ?? '', status.image);
  const named = volume?.image ?? status.image ?? 'the image';
  const answer = answerOf(events, waiting.message ?? '', named);
  const image = volume
    ? imagePart(volume.image, reasonOf('container.volume', { name: volume.name }))
    : imagePart(status.image, engine ? undefined : container);
  const words = lastWords(answer, named);
  const { code, final: ends } = kindOf(answer, named, waiting.reason ?? '');
  // a busy node may not have the secret in time for the first attempt, and tries again with it
  if (code === 'image.denied' && events.some(({ reason }) => reason === 'FailedToRetrieveImagePullSecret'))
    return passing(reasonOf('image.deniedOnce', { image, words }));
  const cause = reasonOf(code, { image, words });
  return ends ? final(cause) : passing(cause);
}

/** The volume whose image the kubelet names: it says of an image that is mounted what it says of that of the container. */
function volumeOf({ spec }: Pod, message: string, own: string | undefined) {
  const mounted = (spec?.volumes ?? []).flatMap(({ name, image }) =>
    image?.reference === undefined ? [] : { name, image: image.reference },
  );
  return mounted.find(({ image }) => image !== own && message.includes(image));
}

/** @param container whose image it is, if not the engine's */
function imagePart(name: string | undefined, container: Reason | undefined): Reason | string {
  const image = name ?? reasonOf('image.unnamed');
  return container ? reasonOf('image.of', { image, container }) : image;
}

type Kind = { readonly final: boolean; readonly code: PullCode };

type PullCode =
  | 'image.badName'
  | 'image.neverPulled'
  | 'image.unsigned'
  | 'image.denied'
  | 'image.limited'
  | 'image.diskFull'
  | 'image.certificate'
  | 'image.plain'
  | 'image.unreachable'
  | 'image.otherProcessor'
  | 'image.missing'
  | 'image.notPulled';

const byReason: Readonly<Record<string, Kind>> = {
  InvalidImageName: { code: 'image.badName', final: true },
  ErrImageNeverPull: { code: 'image.neverPulled', final: true },
  SignatureValidationFailed: { code: 'image.unsigned', final: true },
};

// in this order: an answer may hold several of the words
const byAnswer: readonly (readonly [RegExp, Kind])[] = [
  [/\b429\b|too ?many ?requests|QPS exceeded|rate limit/i, { code: 'image.limited', final: false }],
  [/no space left/i, { code: 'image.diskFull', final: false }],
  [/HTTP response to HTTPS client/i, { code: 'image.plain', final: true }],
  // CRI-O before it had a reason for it
  [/Source image rejected|signature was required/i, { code: 'image.unsigned', final: true }],
  [/short-name .*did not resolve/i, { code: 'image.badName', final: true }],
  [/x509|certificate/i, { code: 'image.certificate', final: true }],
  [
    /\b40[13]\b|unauthorized|authorization failed|insufficient_scope|denied|no basic auth/i,
    { code: 'image.denied', final: true },
  ],
  [
    /connection (refused|reset)|no such host|no route to host|timeout|timed out|deadline exceeded|i\/o|unreachable|EOF|server misbehaving|unavailable|\b50[0-4]\b|TLS handshake/i,
    { code: 'image.unreachable', final: false },
  ],
  [
    /no match for platform|no matching manifest|no image found in (?:manifest list|image index) for architecture/i,
    { code: 'image.otherProcessor', final: true },
  ],
  [/not found|(?:manifest|name) unknown|\b404\b/i, { code: 'image.missing', final: true }],
];

const unknown: Kind = { code: 'image.notPulled', final: false };

function kindOf(answer: string, image: string, reason: string): Kind {
  // digits and words of an address, a digest or a name are no answer of a registry
  const repository = image.replace(/@.*$|:[^/:]*$/, '');
  const plain = answer
    .replaceAll(image, '')
    .replaceAll(repository, '')
    .replace(/https?:\/\/[^\s"]*/g, '')
    .replace(/sha256:[0-9a-f]+/g, '');
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
