import { createHash } from 'node:crypto';

/**
 * Names a version by what runs in it: the first 8 hex digits of a digest over the image's digest and the pod template.
 * The same image with other arguments is another version.
 */
export function revisionOf(imageDigest: string, podSpec: unknown, replicas: number): string {
  return createHash('sha256')
    .update(JSON.stringify([imageDigest, podSpec, replicas]))
    .digest('hex')
    .slice(0, 8);
}
