interface Statement {
  readonly subject: readonly { readonly name: string; readonly digest?: Readonly<Record<string, string>> }[];
  readonly predicate: { readonly runDetails: object };
}

/**
 * The provenance that `build` wrote, stated of the digest under which the registry has the image. The built image, which may
 * have been patched and made smaller since, becomes a by-product.
 */
export function pushedProvenance(statement: string, name: string, digest: string): string {
  const built = JSON.parse(statement) as Statement;
  const runDetails = {
    ...built.predicate.runDetails,
    byproducts: built.subject.map(({ name: image, digest: id }) => ({ name: `${image} (configuration)`, digest: id })),
  };
  return JSON.stringify(
    {
      ...built,
      subject: [{ name, digest: { sha256: digest.slice('sha256:'.length) } }],
      predicate: { ...built.predicate, runDetails },
    },
    null,
    2,
  );
}
