import type { BackendFeature } from '@backstage/backend-plugin-api';

/** Backstage's packages are CommonJS: seen from an ES module, their default export is one level deeper. */
export async function backstageFeature(
  imported: Promise<{ readonly default: { readonly default: BackendFeature } }>,
): Promise<{ default: BackendFeature }> {
  return { default: (await imported).default.default };
}
