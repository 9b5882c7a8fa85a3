import type { Adapter } from 'oidc-provider';

/**
 * Where oidc-provider would keep sessions, grants and opaque tokens. This issuer has none of them: its tokens are signed
 * JWTs and its clients are configured, so it finds nothing and refuses to store anything.
 */
export function emptyStore(model: string): Adapter {
  const find = async () => undefined;
  const store = async () => {
    throw new Error(`the issuer keeps no ${model}`);
  };
  return {
    find,
    findByUid: find,
    findByUserCode: find,
    upsert: store,
    consume: store,
    destroy: store,
    revokeByGrantId: store,
  };
}
