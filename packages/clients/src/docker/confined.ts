/** How programs of an image run here, as in a pod: no capabilities, a root that cannot be written, and /tmp, from where engines run what they compile. */
export const confined = {
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  ReadonlyRootfs: true,
  Tmpfs: { '/tmp': 'rw,exec,mode=1777' },
};

/** Variables of a container; HOME is /tmp and USER a name, as in a pod. */
export function podEnvironment(more: Readonly<Record<string, string>> | undefined): string[] {
  return Object.entries({ HOME: '/tmp', USER: 'serving', ...more }).map(([name, value]) => `${name}=${value}`);
}
