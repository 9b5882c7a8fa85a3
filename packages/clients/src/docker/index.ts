export { dockerAddress } from './address.ts';
export type { DockerAddress } from './address.ts';
export { connectDocker } from './engine.ts';
export type { DockerEngine } from './engine.ts';
export { buildContext } from './build-context.ts';
export { buildImage } from './build.ts';
export type { BuildRequest, BuiltImage } from './build.ts';
export { BuildError } from './build-failure.ts';
export { baseImages, DockerfileError, fullImageName } from './dockerfile-bases.ts';
export type { BaseImage } from './dockerfile-bases.ts';
export {
  findImage,
  imageLayers,
  inspectImage,
  loadImage,
  removeImage,
  saveImage,
  splitReference,
  tagImage,
} from './image.ts';
export type { ImageConfig, ImageFacts, LayerReport } from './image.ts';
export { flattenImage } from './flatten.ts';
export type { FlattenedImage, FlattenRequest } from './flatten.ts';
export { pushImage } from './push.ts';
export type { PushRequest } from './push.ts';
export { smokeTest, SmokeTestError } from './smoke-test.ts';
export type { SmokeAnswer, SmokeRequest } from './smoke-test.ts';
export { quantityBytes, smokeObstacle, smokeTestService } from './service-smoke.ts';
export type { SmokeProfile, SmokeService } from './service-smoke.ts';
