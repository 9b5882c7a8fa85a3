import { basename, join } from 'node:path';
import type { ServingContext } from '../serving-context.ts';
import { builtImage, certificateRoots, contentsOf } from '../serving/images.ts';
import type { Contents, Image } from '../serving/images.ts';
import { withLibraries } from '../serving/libraries.ts';
import { ownServices } from '../serving/own-services.ts';

export type MeshImageName = 'istiod' | 'mesh-proxy' | 'ratelimit' | 'services';

/** The images of the mesh, made of their parts, and those that the serving path has too. */
export async function meshImages(context: ServingContext): Promise<Readonly<Record<MeshImageName, Image>>> {
  const present = new Set(await context.images());
  const image = (name: MeshImageName, contents: Contents) => builtImage(name, contents, present, context);
  return {
    istiod: image('istiod', istiod(context.part('istiod'))),
    'mesh-proxy': image('mesh-proxy', await proxy(context.part('pilot-agent'), context.part('sidecar-envoy'))),
    ratelimit: image('ratelimit', await contentsOf('ratelimit', context.part('ratelimit'))),
    services: image('services', await ownServices()),
  };
}

function istiod(part: string): Contents {
  const path = '/usr/local/bin/pilot-discovery';
  return {
    source: basename(part),
    files: [{ path, content: { file: join(part, 'istiod') }, executable: true }, certificateRoots()],
    entrypoint: [path],
  };
}

async function proxy(agent: string, envoy: string): Promise<Contents> {
  const path = '/usr/local/bin/pilot-agent';
  const template = 'envoy_bootstrap_tmpl.json';
  return {
    source: `${basename(agent)}, ${basename(envoy)}`,
    files: [
      { path, content: { file: join(agent, 'pilot-agent') }, executable: true },
      { path: `/var/lib/istio/envoy/${template}`, content: { file: join(agent, template) }, executable: false },
      ...(await withLibraries('/usr/local/bin/envoy', join(envoy, 'envoy', '_bin', 'envoy'))),
      certificateRoots(),
    ],
    entrypoint: [path],
  };
}
