import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder, platformFolders } from '@fairway/platform/folders';
import type { Part } from '@fairway/platform/parts';

/** GitHub's own description of its REST API, as Octokit publishes it. Unpacked, the package has 391 MB, of which this file is 13. */
const part = {
  kind: 'npm',
  name: 'github-openapi',
  package: '@octokit/openapi',
  version: '23.0.2',
  integrity: 'sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==',
  files: ['generated/api.github.com.json'],
} as const satisfies Part;

export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
  /** A value may hold slashes, as the name of a branch does. */
  readonly 'x-multi-segment'?: boolean;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Content>>;
}

export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Brings the description into the user's cache if it is not there, and reads it. */
export async function githubDescription(): Promise<Description> {
  const made = await ensureParts([part], {
    folder: partsFolder(platformFolders()),
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  return JSON.parse(await readFile(join(made.get(part.name) ?? '', part.files[0]), 'utf8')) as Description;
}

/** What a value stands for that may be a reference, such as `{ "$ref": "#/components/parameters/owner" }`. */
export function resolved<Value>(description: Description, value: Value): Value {
  const reference = (value as { readonly $ref?: string } | undefined)?.$ref;
  const [, kind = '', name = ''] = /^#\/components\/([^/]+)\/([^/]+)$/.exec(reference ?? '') ?? [];
  return reference === undefined ? value : (description.components[kind]?.[name] as Value);
}
