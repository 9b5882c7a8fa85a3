import { readFileSync } from 'node:fs';
import type { PlatformState } from '@fairway/platform';

/** The parts of the running platform that the image side talks to; the test runner says where its state lies. */
export const platform = JSON.parse(readFileSync(process.env['FAIRWAY_TEST_PLATFORM'] ?? '', 'utf8')) as Pick<
  PlatformState,
  'docker' | 'registry' | 'scanner'
>;

export const registryPassword = readFileSync(platform.registry.passwordFile, 'utf8').trim();

/** Present wherever a delivery of the examples can run. */
export const baseImage = 'fairway-base:bookworm';
