/** The code of an error of the operating system, such as ENOENT; undefined for every other error. */
export function systemErrorCode(error: unknown): string | undefined {
  // by shape: errors of node's own modules are not `instanceof Error` inside jest's realm
  if (typeof error !== 'object' || error === null || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
