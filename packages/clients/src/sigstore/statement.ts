/** What is said of an image, as in-toto's attestation framework 1.0 has it. */
export interface Statement<Predicate = unknown> {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly { readonly name: string; readonly digest: Readonly<Record<string, string>> }[];
  readonly predicateType: string;
  readonly predicate: Predicate;
}

/** A statement whose signature counts. */
export interface SignedStatement extends Statement {
  /** Address of the workflow that signed it, and behind @ its ref, as the certificate has it; undefined where a key did. */
  readonly workflow: string | undefined;
}

/** Media type of a signed statement in its envelope, by in-toto's specification. */
export const statementType = 'application/vnd.in-toto+json';

/** Media type of a Sigstore bundle, which holds a statement, its signature and what is needed to verify it. */
export const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

export const predicateTypes = {
  /** That the signer stands for the image: what cosign writes for `cosign sign`. */
  signature: 'https://sigstore.dev/cosign/sign/v1',
  provenance: 'https://slsa.dev/provenance/v1',
  sbom: 'https://cyclonedx.org/bom',
  /** What a scanner found, in cosign's form: `cosign verify-attestation --type vuln`. */
  scan: 'https://cosign.sigstore.dev/attestation/vuln/v1',
  /** Decisions about vulnerabilities, as OpenVEX has it: `cosign verify-attestation --type openvex`. */
  vex: 'https://openvex.dev/ns',
} as const;
