export const gibibyte = 1024 ** 3;

/** `18.3 GiB`, and MiB below a tenth of that. */
export function gib(bytes: number): string {
  return bytes < gibibyte / 10 ? `${(bytes / 1024 ** 2).toFixed(1)} MiB` : `${(bytes / gibibyte).toFixed(1)} GiB`;
}
