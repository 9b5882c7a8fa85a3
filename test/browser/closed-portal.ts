import { type PortalProcess, startPortalProcess } from '../portal-process.ts';

/**
 * A second backend with the configuration of a portal that runs, in which the guest has no role.
 * @param configuration app-config.yaml of the portal that runs
 */
export function startClosedPortal(configuration: string, folder: string, port: number): Promise<PortalProcess> {
  const own = { fairway: { permissions: { readers: ['user:default/somebody-else'], operators: [] } } };
  return startPortalProcess({ folder, port, configurations: [configuration], own });
}
