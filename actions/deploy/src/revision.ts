import { createHash } from 'node:crypto';
import { servingLabel } from '@fairway/clients/kubernetes/names';

/**
 * Names a version by what runs in it: the first 8 hex digits of a digest over the image's digest and the pod template.
 * The same image with other arguments is another version.
 */
export function revisionOf(imageDigest: string, podSpec: unknown, replicas: number): string {
  return (
    createHash('sha256')
      // a version of an older Fairway has pods without this label, and its Service must go on selecting them
      .update(JSON.stringify([imageDigest, servingLabel, podSpec, replicas]))
      .digest('hex')
      .slice(0, 8)
  );
}
