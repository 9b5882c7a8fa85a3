export { nodeFlags, readinessUrl, runningPortal, startPortal, stopPortal } from './portal.ts';
export type { Portal, StartPortal } from './portal.ts';
