interface Statement {
  readonly subject: readonly { readonly name: string; readonly digest?: Readonly<Record<string, string>> }[];
  readonly predicate: { readonly runDetails: object };
}

/**
 * The provenance that `build` wrote, stated of the image that is pushed. Where that was patched or made smaller since, the built
 * image becomes a by-product.
 */
export function pushedProvenance(statement: string, name: string, digest: string): string {
  const built = JSON.parse(statement) as Statement;
  const sha256 = digest.slice('sha256:'.length);
  const byproducts = built.subject.filter(subject => subject.digest?.['sha256'] !== sha256);
  const runDetails = { ...built.predicate.runDetails, ...(byproducts.length ? { byproducts } : {}) };
  return JSON.stringify(
    {
      ...built,
      subject: [{ name, digest: { sha256 } }],
      predicate: { ...built.predicate, runDetails },
    },
    null,
    2,
  );
}
