import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { RegistryClient } from './client.ts';
import { digestOf, headManifest, putManifest } from './content.ts';
import type { Descriptor } from './content.ts';

/**
 * Puts a manifest under a tag. A tag that has it is not written again, which a registry whose tags are immutable would reject.
 * @throws ToolError when the registry does not accept it, or has another one under the tag then
 */
export async function tagManifest(
  client: RegistryClient,
  mediaType: string,
  content: Uint8Array,
  tag: string,
): Promise<Descriptor> {
  const digest = digestOf(content);
  if ((await headManifest(client, tag))?.digest !== digest) await putManifest(client, mediaType, content, tag);
  const [stored, tagged] = [await headManifest(client, digest), await headManifest(client, tag)];
  if (stored && tagged?.digest === digest) return { mediaType, digest, size: content.length };
  const { host, name } = client.repository;
  throw new ToolError(
    'registry',
    reasonOf('request.pushing', { image: `${host}/${name}:${tag}` }),
    undefined,
    stored ? otherTag(tagged?.digest, digest) : reasonOf('registry.lacks', { digest }),
    reasonOf('registry.pushAgain'),
  );
}

function otherTag(found: string | undefined, digest: string): Reason {
  return found === undefined
    ? reasonOf('registry.noTag', { digest })
    : reasonOf('registry.otherTag', { found, digest });
}
