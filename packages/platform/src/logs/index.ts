export { installLogs, removeLogs } from './install.ts';
export { logParts } from './parts.ts';
