/** Whether a version such as 0.5.6 or v0.24 comes before another; what a version leaves out is 0. */
export function isBefore(version: string, other: string): boolean {
  const parts = (of: string) => of.replace(/^v/, '').split('.').map(Number);
  const [ours, theirs] = [parts(version), parts(other)];
  const at = [0, 1, 2].find(part => (ours[part] ?? 0) !== (theirs[part] ?? 0)) ?? 0;
  return (ours[at] ?? 0) < (theirs[at] ?? 0);
}
