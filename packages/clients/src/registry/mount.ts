import { ToolError } from '../tool-error.ts';
import type { RegistryClient } from './client.ts';
import { ConnectionLost } from './connection-lost.ts';

/** Asks for a blob out of another repository: 201 where it is there now, 202 where an upload began; undefined where neither happened. */
export type Mount = (digest: string) => Promise<Response | undefined>;

/**
 * Mounts blobs from other repositories of the registry, which costs nothing where they are there and the user may read them (distribution
 * specification 1.1, "Mounting a blob from another repository").
 * @param client of the repository that gets them, for nothing else: a right to pull elsewhere that a token service denies must not cost the right to push
 */
export function mountFrom(client: RegistryClient, repositories: readonly string[]): Mount {
  const left = new Set(repositories);
  return async digest => {
    let begun: Response | undefined;
    for (const from of left) {
      const path = `blobs/uploads/?${new URLSearchParams({ mount: digest, from })}`;
      try {
        const answer = await client.send({ method: 'POST', path, expect: [201, 202] });
        if (answer.status === 201) return answer;
        if (answer.headers.has('location')) begun = answer;
      } catch (error) {
        // not every registry knows how, and not every user may read there
        if (!(error instanceof ToolError) || error instanceof ConnectionLost) throw error;
        left.delete(from);
      }
    }
    return begun;
  };
}
