import { join } from 'node:path';
import { requireLeftFile } from '@fairway/stage/left-file';
import * as z from 'zod';

const imageSchema = z.object({
  /** As the pods have it: `registry/repository@sha256:…`. */
  image: z.string(),
  /** The versions that run it. */
  revisions: z.array(z.string()).readonly(),
  /** Percent of the users' requests. */
  share: z.number(),
});

const findingSchema = z.object({
  id: z.string(),
  aliases: z.array(z.string()).readonly().optional(),
  package: z.string(),
  installed: z.string().optional(),
  path: z.string().optional(),
});

/** What `push` stated of an image. */
const attestedSchema = z.object({
  /** CycloneDX. */
  sbom: z.looseObject({}),
  /** What the scan of the delivery found; absent when the registry does not have it. */
  findings: z.array(findingSchema).readonly().optional(),
});

/** Why nobody knows what is in an image, as a sentence. */
const problemSchema = z.object({ problem: z.string() });

const servedSchema = z.object({
  /** Context of the cluster that was asked. */
  context: z.string(),
  /** The one with most of the users' requests first. */
  images: z.array(z.intersection(imageSchema, z.union([attestedSchema, problemSchema]))).readonly(),
  /** What `release.keep` holds for going back. */
  kept: z.array(imageSchema).readonly(),
});

/** An image that the cluster runs for a service. */
export type ServedImage = Readonly<z.output<typeof imageSchema>>;
export type Served = Readonly<z.output<typeof servedSchema>>;

/** @param folder that `list-served` wrote to */
export function readServed(folder: string): Promise<Served> {
  return requireLeftFile(
    join(folder, 'served.json'),
    servedSchema,
    'list-served',
    'Give the input served the folder that list-served has as its output served.',
  );
}
