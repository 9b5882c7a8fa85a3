import type { InputSpecs, OutputSpecs } from './inputs.ts';

/** Input by which a stage reaches the Docker daemon that builds and runs images. */
export const dockerInputs = {
  'docker-host': {
    type: 'string',
    description: 'The Docker daemon: unix://, tcp:// or ssh://. Default: the local socket.',
    environment: 'DOCKER_HOST',
    keyed: false,
  },
  'docker-certificates': {
    type: 'string',
    description: 'Folder with ca.pem, cert.pem and key.pem, for a Docker daemon over TLS. Default: ~/.docker.',
    environment: 'DOCKER_CERT_PATH',
    keyed: false,
  },
} as const satisfies InputSpecs;

/** Inputs of a stage that lists packages. */
export const packageListInputs = {
  scanner: {
    type: 'string',
    description: 'The program of Trivy or Grype.',
    default: 'trivy',
    keyed: false,
  },
  'java-database-mirrors': {
    type: 'list',
    description:
      "Repositories that have Trivy's database of Java archives, such as registry.example.com/mirror/trivy-java-db:1, asked in this order without credentials when an image has any. Default: those of Trivy.",
    environment: 'FAIRWAY_JAVA_DATABASE_MIRRORS',
    keyed: false,
  },
} as const satisfies InputSpecs;

/** Inputs of a stage that scans. */
export const scannerInputs = {
  ...packageListInputs,
  database: {
    type: 'string',
    description: 'Folder of the vulnerability database. Default: the scanner downloads the newest and stores it.',
    keyed: false,
  },
  'database-mirrors': {
    type: 'list',
    description:
      "Repositories that have the database of Trivy, such as registry.example.com/mirror/trivy-db:2, or addresses that have that of Grype, such as https://mirror.example.com/databases, asked in this order without credentials. Default: those of the scanner's project.",
    environment: 'FAIRWAY_DATABASE_MIRRORS',
    keyed: false,
  },
  'base-sbom': {
    type: 'string',
    description:
      'CycloneDX document (JSON) of the image of the base branch: for a pull request, findings in packages that it has in the same version do not stop. Default: all findings count.',
    keyed: false,
  },
} as const satisfies InputSpecs;

/** Input of a stage that judges what other scanners found too. */
export const otherReportsInput = {
  'other-reports': {
    type: 'list',
    description:
      'Files in which other scanners wrote what they found in the built image: CycloneDX (JSON), or SARIF that names packages. What they found is judged and fixed as what the scanner finds.',
    keyed: false,
  },
} as const satisfies InputSpecs;

/** Inputs by which a stage logs in to the registry that it pushes to. */
export const registryLoginInputs = {
  username: {
    type: 'string',
    description: "User of the registry. Default: what `docker login` left in Docker's configuration, helpers included.",
    keyed: false,
  },
  password: { type: 'secret', description: 'Password or token of the registry.', keyed: false },
  'docker-config': {
    type: 'string',
    description: "Folder of Docker's config.json. Default: ~/.docker.",
    environment: 'DOCKER_CONFIG',
    keyed: false,
  },
} as const satisfies InputSpecs;

/** Inputs by which a stage signs. */
export const signingInputs = {
  'signing-key': {
    type: 'secret',
    description:
      'Private key that signs, as PEM: what `cosign generate-key-pair` writes, or PKCS #8; or the address of a key in a key management service: awskms:///…, gcpkms://…, azurekms://… or hashivault://….',
    keyed: false,
  },
  'signing-passphrase': { type: 'secret', description: 'Passphrase of a key that is PEM.', keyed: false },
  'vault-address': {
    type: 'string',
    description: 'Address of Vault or OpenBao, for a key hashivault://….',
    environment: 'VAULT_ADDR',
    keyed: false,
  },
  'vault-token': {
    type: 'secret',
    description: 'Token of Vault that may read and sign with that key.',
    environment: 'VAULT_TOKEN',
    keyed: false,
  },
  keyless: {
    type: 'boolean',
    default: false,
    description:
      'Sign as the workflow that runs, by a certificate of sigstore.dev; the job needs id-token: write. A key wins over it.',
  },
  'id-token-url': {
    type: 'string',
    description: 'Where GitHub gives the job tokens; set by GitHub.',
    environment: 'ACTIONS_ID_TOKEN_REQUEST_URL',
    keyed: false,
  },
  'id-token-request': {
    type: 'secret',
    description: 'What the job asks for them with; set by GitHub.',
    environment: 'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    keyed: false,
  },
} as const satisfies InputSpecs;

/** Inputs by which a stage knows whose signature counts. */
export const signerInputs = {
  'signer-key': {
    type: 'string',
    description: 'Public key (PEM) whose signatures count.',
    keyed: false,
  },
  'signer-repository': {
    type: 'string',
    description: 'Address of the GitHub repository whose workflows sign, such as https://github.com/team/service.',
    keyed: false,
  },
  'trusted-root': {
    type: 'string',
    description:
      'File with the trusted root (JSON) of the authority that certifies workflows. Default: that of sigstore.dev, fetched.',
    keyed: false,
  },
} as const satisfies InputSpecs;

const layoutImage = "Digest of the image's manifest in the OCI layout .fairway/image of the service folder.";

/** Input of a stage that takes the image as it was built. */
export const builtImageInput = {
  image: {
    type: 'string',
    description: `${layoutImage} Default: the built one.`,
    required: true,
    from: ['build.digest'],
  },
} as const satisfies InputSpecs;

/** Input of a stage that takes the image as the fix loop left it. */
export const fixedImageInput = {
  image: {
    type: 'string',
    description: `${layoutImage} Default: the patched one, or the built one.`,
    required: true,
    from: ['remediate.digest', 'build.digest'],
  },
} as const satisfies InputSpecs;

/** Input of the stage that takes the image as it goes to the registry. */
export const finishedImageInput = {
  image: {
    type: 'string',
    description: `${layoutImage} Default: the optimized one.`,
    required: true,
    from: ['optimize.digest'],
  },
} as const satisfies InputSpecs;

/** Outputs of a stage that makes an image, or passes one on. */
export const imageOutputs = {
  digest: { description: "Digest of the image's manifest, which the registry has too once it is pushed." },
  image: { description: 'Name of the image in the Docker daemon.' },
} as const satisfies OutputSpecs;
