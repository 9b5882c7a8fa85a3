import type { InputSpecs } from './inputs.ts';

/** Input by which a stage reaches the Docker daemon that holds the image. */
export const dockerInputs = {
  'docker-host': {
    type: 'string',
    description: 'The Docker daemon: unix://, tcp:// or ssh://. Default: the local socket.',
    environment: 'DOCKER_HOST',
    keyed: false,
  },
} as const satisfies InputSpecs;

/** Inputs of a stage that scans. */
export const scannerInputs = {
  scanner: { type: 'string', description: 'The Trivy program.', default: 'trivy', keyed: false },
  database: {
    type: 'string',
    description: 'Folder of the vulnerability database. Default: the scanner downloads the public one.',
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

/** Input of a stage that takes the image as the fix loop left it. */
export const fixedImageInput = {
  image: {
    type: 'string',
    description: 'Name of the image in the Docker daemon. Default: the patched image, or the built one.',
    required: true,
    from: ['remediate.image', 'build.image'],
  },
} as const satisfies InputSpecs;
