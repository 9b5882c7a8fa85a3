import { type Reason, reasonOf } from './reasons/delivery-reason.ts';

/** The code of an error of the operating system, such as ENOENT; undefined for every other error. */
export function systemErrorCode(error: unknown): string | undefined {
  // by shape: errors of node's own modules are not `instanceof Error` inside jest's realm
  if (typeof error !== 'object' || error === null || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What the machine lacks or does not allow, by code (errno(3)). A code that is not here is a fault of the program. */
const faults: Readonly<Record<string, Reason>> = {
  ENOSPC: reasonOf('system.diskFull'),
  EDQUOT: reasonOf('system.diskQuota'),
  EROFS: reasonOf('system.readOnly'),
  EACCES: reasonOf('system.denied'),
  EPERM: reasonOf('system.denied'),
  EISDIR: reasonOf('system.folderForFile'),
  ENOTDIR: reasonOf('system.fileForFolder'),
  EEXIST: reasonOf('system.fileForFolder'),
  ELOOP: reasonOf('system.circle'),
  EMFILE: reasonOf('system.openFiles'),
  ENFILE: reasonOf('system.openFilesOfAll'),
  EIO: reasonOf('system.diskBroken'),
};

/** A paragraph about an error of the operating system that whoever runs the program can end; undefined for every other error. */
export function systemFault(error: unknown): Reason | undefined {
  const errno = systemErrorCode(error) ?? '';
  const { syscall: call, path } = (error ?? {}) as { readonly syscall?: string; readonly path?: string };
  if (call === 'uv_cwd') return reasonOf('system.folderGone');
  // node makes this of EROFS where it makes folders with those above them
  const fault = errno === 'ENOENT' && call === 'mkdir' ? faults['EROFS'] : faults[errno];
  return (
    fault && reasonOf('system.fault', { path: path ?? reasonOf('system.machine'), fault, call: call ?? '', errno })
  );
}
