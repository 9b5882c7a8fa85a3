import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';

/** Why a pod that must not run as root would refuse the image's user, or undefined when it would take it. */
export function rootUser(user: string | undefined): Reason | undefined {
  const [name = ''] = (user ?? '').split(':');
  if (/^[1-9]\d*$/.test(name)) return undefined;
  if (name === '' || name === '0' || name === 'root') return reasonOf('build.root');
  return reasonOf('build.namedUser', { user: name });
}
