export interface ProvenanceFacts {
  readonly image: string;
  /** `sha256:…` of the image's manifest. */
  readonly digest: string;
  /** `sha256:…` over the source folder. */
  readonly source: string;
  readonly commit?: string;
  readonly dockerfile: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly bases: readonly { readonly name: string; readonly id: string }[];
  readonly builder: string;
  readonly begun: Date;
  readonly finished: Date;
}

/**
 * An in-toto statement with a SLSA provenance predicate (v1) about the built image. `push` states the same of the image that it pushes,
 * which may have been patched and made smaller since, and of the run of GitHub that pushes. It is a statement of this machine, not signed.
 */
export function provenance(facts: ProvenanceFacts): object {
  const sha256 = (id: string) => (id.startsWith('sha256:') ? { digest: { sha256: id.slice('sha256:'.length) } } : {});
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: facts.image, ...sha256(facts.digest) }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://mobyproject.org/buildkit@v1',
        externalParameters: { dockerfile: facts.dockerfile, arguments: facts.arguments },
        resolvedDependencies: [
          { name: 'source', ...sha256(facts.source) },
          ...(facts.commit ? [{ name: 'commit', digest: { gitCommit: facts.commit } }] : []),
          ...facts.bases.map(base => ({ name: base.name, ...sha256(base.id) })),
        ],
      },
      runDetails: {
        builder: { id: facts.builder },
        metadata: { startedOn: facts.begun.toISOString(), finishedOn: facts.finished.toISOString() },
      },
    },
  };
}
