export { lockFileOf } from './lock-file.ts';
export { UnreadLock } from './versions.ts';
export type { LockFile, LockPrograms } from './lock-file.ts';
