/** The code of an error of the operating system, such as ENOENT; undefined for every other error. */
export function systemErrorCode(error: unknown): string | undefined {
  // by shape: errors of node's own modules are not `instanceof Error` inside jest's realm
  if (typeof error !== 'object' || error === null || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What the machine lacks or does not allow, by code (errno(3)). A code that is not here is a fault of the program. */
const faults: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Make room and run again; what was finished is stored',
  EDQUOT: 'the disk quota is used up. Make room and run again; what was finished is stored',
  EROFS: 'the file system is read-only. Use a folder that can be written',
  EACCES: 'this user may not do that. Change the permissions, or run as the owner',
  EPERM: 'this user may not do that. Change the permissions, or run as the owner',
  EISDIR: 'a folder is where a file should be. Move it away',
  ENOTDIR: 'a file is where a folder should be. Move it away',
  EEXIST: 'a file is where a folder should be. Move it away',
  ELOOP: 'its symbolic links lead in a circle. Correct them',
  EMFILE: 'too many files are open. Raise the limit (ulimit -n)',
  ENFILE: 'too many files are open on this machine',
  EIO: 'the disk cannot be read or written. Check it',
};

/** A paragraph about an error of the operating system that whoever runs the program can end; undefined for every other error. */
export function systemFault(error: unknown): string | undefined {
  const code = systemErrorCode(error) ?? '';
  const { syscall, path } = (error ?? {}) as { readonly syscall?: string; readonly path?: string };
  if (syscall === 'uv_cwd') return 'The folder that this runs in is gone. Change to one that is there.';
  // node makes this of EROFS where it makes folders with those above them
  const fault = code === 'ENOENT' && syscall === 'mkdir' ? faults['EROFS'] : faults[code];
  return fault && `${path ?? 'This machine'}: ${fault} (${syscall}: ${code}).`;
}
