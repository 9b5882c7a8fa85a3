import { todaysBase } from '@fairway/clients/registry/index';
import type { Base } from '@fairway/clients/registry/index';
import type { Finding, Rebase } from '@fairway/clients/scanner/index';

export interface RebaseRequest {
  /** The base image by tag and digest, as `build` has it. */
  readonly base: string;
  /** Digests of its uncompressed layers. */
  readonly layers: readonly string[];
  /** What stops the delivery. */
  readonly blocking: readonly Finding[];
  /** Folder of Docker's config.json. */
  readonly dockerConfig?: string;
  readonly signal: AbortSignal;
}

/** What the registry says of the base. */
export interface AskedBase {
  /** Absent where the tag has no newer image, or that is not known. */
  readonly rebase?: Rebase;
  /** Why it is not known, as a sentence. */
  readonly problem?: string;
}

/** Milliseconds. A plan without a newer base is worth more than one that comes late. */
const longest = 30_000;

/** Looks for a newer image under the tag of the base where packages in its layers stop the delivery. A registry that does not answer is no failure. */
export async function newerBase({
  base,
  layers,
  blocking,
  dockerConfig,
  signal,
}: RebaseRequest): Promise<AskedBase | undefined> {
  // without a tag nothing is newer than a digest
  const [, image, from] = /^(.+:[^/@]+)@(sha256:[0-9a-f]{64})$/.exec(base) ?? [];
  const findings = blocking.filter(({ layer }) => layer !== undefined && layers.includes(layer)).map(({ id }) => id);
  if (image === undefined || from === undefined || findings.length === 0) return undefined;
  const { to, problem } = await askInTime({ image, from }, dockerConfig, signal);
  if (problem !== undefined) return { problem: `Whether ${image} has a newer image is not known: ${problem}` };
  if (to === undefined || to === from) return {};
  return { rebase: { action: 'rebase', package: image, from, to, findings: [...new Set(findings)] } };
}

async function askInTime(
  base: { readonly image: string; readonly from: string },
  dockerConfig: string | undefined,
  signal: AbortSignal,
): Promise<Base> {
  const late = AbortSignal.timeout(longest);
  try {
    return await todaysBase(base, dockerConfig, AbortSignal.any([signal, late]));
  } catch (error) {
    signal.throwIfAborted();
    if (!late.aborted) throw error;
    return { ...base, problem: `its registry gave no answer in ${longest / 1000} seconds.` };
  }
}
