import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { Repository } from './address.ts';
import type { RegistryCredentials } from './authorization.ts';

/** The error of an answer that is none, in the registry's words, with what to do. */
export async function refused(
  repository: Repository,
  { username }: RegistryCredentials,
  known: boolean,
  what: string,
  response: Response,
): Promise<ToolError> {
  const message = registryMessage(await response.text());
  const { host, name } = repository;
  const who = username === undefined ? reasonOf('registry.nobody') : reasonOf('registry.user', { username });
  const after = response.headers.get('retry-after');
  const denied = reasonOf('registry.denied', { host, who, repository: name });
  const advice: Record<number, Reason> = {
    401: known
      ? denied
      : username === undefined
        ? reasonOf('registry.noLogin', { host })
        : reasonOf('registry.badLogin', { host, who }),
    403: denied,
    404: reasonOf('registry.absent', { host, repository: name }),
    413: reasonOf('registry.tooLarge', { host }),
    429: after ? reasonOf('registry.limited', { host, seconds: after }) : reasonOf('registry.limitedLater', { host }),
    507: reasonOf('registry.full', { host, repository: name }),
  };
  const full = response.status !== 429 && outOfRoom.test(message) ? advice[507] : undefined;
  return new ToolError(
    'registry',
    what,
    response.status,
    message,
    immutable(what, message) ?? full ?? advice[response.status],
  );
}

// Harbor and Quay deny with 403 what is over a quota; the last is what Docker's registry says of ENOSPC (28)
const outOfRoom = /\bquota\b|configured upper limit|storage limit|no space left on device|"Err":28\b/i;

/** Registries differ in the status and not in the word; Nexus does not have it. */
function immutable(what: string, message: string): Reason | undefined {
  const tag = /\/manifests\/([^/]+)$/.exec(what)?.[1];
  if (tag === undefined || !/immutable|does not allow updating|cannot be (?:overwritten|updated)/i.test(message))
    return undefined;
  return tag.startsWith('sha256-')
    ? reasonOf('registry.noReferrers', { tag })
    : reasonOf('registry.immutable', { tag });
}

/** What registries, token services and what stands before them say of an error; more is never said of it. */
interface Said {
  readonly errors?: readonly { readonly code?: unknown; readonly message?: unknown; readonly detail?: unknown }[];
  /** Of API gateways, GitLab and Amazon. */
  readonly message?: unknown;
  /** Of Docker's token service. */
  readonly details?: unknown;
  /** Of token services (RFC 6749, 5.2). */
  readonly error?: unknown;
  readonly error_description?: unknown;
}

function registryMessage(text: string): string {
  let said: Said | null;
  try {
    said = JSON.parse(text) as Said | null;
  } catch {
    // not every registry answers in JSON: its own words are shown then
    return plain(text);
  }
  if (typeof said !== 'object' || said === null) return plain(text);
  const { errors, message, details, error, error_description: description } = said;
  if (!Array.isArray(errors)) return words(error, message, details, description);
  // Nexus has in the detail what is wrong, and Docker's registry what its storage said; others list there what was asked for
  const detailOf = ({ code, detail }: NonNullable<Said['errors']>[number]) =>
    code === 'UNKNOWN' && typeof detail === 'object' && detail !== null ? JSON.stringify(detail) : detail;
  return errors.map(one => words(one?.code, one?.message, one && detailOf(one))).join('; ');
}

function words(...parts: readonly unknown[]): string {
  const texts = parts.filter(part => typeof part === 'string' && part.trim() !== '');
  return [...new Set(texts as string[])].join(': ').slice(0, 1000);
}

/** Of a page for people its title; of other documents what is between their tags. */
function plain(text: string): string {
  if (!text.trimStart().startsWith('<')) return text.slice(0, 1000);
  const title = /<title[^>]*>([^<]+)<\/title>/i.exec(text)?.[1];
  return (title ?? text.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ').trim().slice(0, 300);
}
