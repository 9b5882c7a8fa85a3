export { isLock, normalizedName, pinnedVersion, readLock, UnknownLock } from './lock.ts';
export type { Lock } from './lock.ts';
export { openUv } from './uv.ts';
export type { Uv } from './uv.ts';
