import type { RegistryClient } from './client.ts';
import { uploadPlace } from './content.ts';

/**
 * Proves that the registry would take an image: begins an upload and cancels it. A registry gives out tokens for pushing to users
 * who may not, so only a push tells.
 * @throws ToolError that says what the registry did not accept
 */
export async function checkPush(client: RegistryClient): Promise<void> {
  const begun = await client.send({ method: 'POST', path: 'blobs/uploads/', expect: [202] });
  // the specification leaves cancelling open; a registry without it forgets uploads by itself
  const expect = [200, 202, 204, 400, 404, 405];
  if (begun.headers.has('location')) await client.send({ method: 'DELETE', path: uploadPlace(client, begun), expect });
}
