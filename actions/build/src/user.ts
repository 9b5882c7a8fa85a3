/** Why a pod that must not run as root would refuse the image's user, or undefined when it would take it. */
export function rootUser(user: string | undefined): string | undefined {
  const [name = ''] = (user ?? '').split(':');
  if (/^[1-9]\d*$/.test(name)) return undefined;
  if (name === '' || name === '0' || name === 'root') {
    return 'The image runs as root, which pods refuse: end the Dockerfile with a numeric user such as USER 65532:65532.';
  }
  return `The image's user "${name}" is a name, of which a pod cannot tell whether it is root: give its number in USER.`;
}
