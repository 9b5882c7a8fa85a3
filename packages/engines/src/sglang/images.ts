import type { EngineProfile } from '../profile.ts';

// As vLLM's: of others no digest was found, or several that contradict each other
export const sglangImages: EngineProfile['images'] = [
  'docker.io/lmsysorg/sglang:v0.5.20@sha256:06e4f2ed21afde4ff513cda65070124e727ba23ccaeff7712b8c40e1097d611f',
  'docker.io/lmsysorg/sglang:v0.5.12@sha256:42194170546745092e74cd5f81ad32a7c6e944c7111fe7bf13588152277ff356',
];
