import { fullImageName } from '../docker/dockerfile-bases.ts';
import { ToolError } from '../tool-error.ts';
import { getManifest, headManifest, manifestTypes } from './content.ts';
import { openRegistry } from './login.ts';

/** A base image of a Dockerfile, and what its tag has today. */
export interface Base {
  /** As the Dockerfile has it, with its tag and without its digest. */
  readonly image: string;
  /** `sha256:…`; undefined where the Dockerfile has the tag alone. */
  readonly from?: string;
  /** Today's; undefined when the registry did not say it. */
  readonly to?: string;
  /** Why it is not known, as a sentence. */
  readonly problem?: string;
}

/** Asks the registry of a base what its tag has today. A registry that does not answer costs this base and no other. */
export async function todaysBase(
  { image, from }: Pick<Base, 'image' | 'from'>,
  dockerConfig: string | undefined,
  signal: AbortSignal,
): Promise<Base> {
  const [, registry = '', repository = '', tag = ''] = /^([^/]+)\/(.+):([^:]+)$/.exec(fullImageName(image)) ?? [];
  try {
    const { client } = await openRegistry({ registry, dockerConfig }, repository, signal);
    const found = await headManifest(client, tag);
    if (!found) return { image, from, problem: `${registry} no longer has ${image}.` };
    // a digest of one platform's image is as new as the list that has it
    const isList = found.mediaType === manifestTypes.index || found.mediaType === manifestTypes.dockerList;
    const list =
      from !== undefined && from !== found.digest && isList
        ? await getManifest<{ readonly manifests?: readonly { readonly digest: string }[] }>(client, found.digest)
        : undefined;
    const isListed = list?.manifest.manifests?.some(({ digest }) => digest === from);
    return { image, from, to: isListed ? from : found.digest };
  } catch (error) {
    if (!(error instanceof ToolError) || signal.aborted) throw error;
    return { image, from, problem: error.message };
  }
}
