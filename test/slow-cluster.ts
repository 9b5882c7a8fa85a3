import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBareApiServer } from './bare-api-server.ts';
import { bringParts } from './bring-parts.ts';
import { startControllerManager } from './controllers.ts';
import { runLoadedStage } from './run-loaded-stage.ts';
import { serviceFolder } from './service-folder.ts';
import { startSlowly } from './slow-start.ts';
import type { SlowStart } from './slow-start.ts';

/** An API server with the controllers that make pods of a Deployment, for starts that take as long as a test says. */
export async function startSlowCluster() {
  const programs = (await bringParts(['kubernetes'])).get('kubernetes')!;
  const root = await mkdtemp(join(tmpdir(), 'fairway-slow-'));
  const folder = join(root, 'server');
  await mkdir(folder);
  const server = await startBareApiServer(programs, folder);
  const controllers = startControllerManager(programs, folder, server.kubeconfig);
  return {
    /**
     * Deploys a service of one pod in a namespace of its own.
     * @param startup what fairway.yaml allows
     * @param takes   what the start takes
     */
    deploy: async (name: string, startup: string, takes: SlowStart) => {
      const service = await serviceFolder(
        root,
        name,
        `model: { name: assistant, reference: 'hf://team/assistant@${'0'.repeat(40)}' }
resources: { gpu: { class: nvidia-h100-80gb } }
startup: ${startup}
`,
      );
      const { cluster, context, kubeconfig } = server;
      const image = `registry.example.com/assistant@sha256:${'cd'.repeat(32)}`;
      const said: string[] = [];
      const nodes = startSlowly(cluster, name, takes);
      try {
        const entry = await runLoadedStage(
          'deploy',
          service,
          { image, context, kubeconfig },
          one => void said.push(one),
        );
        return { ...entry, said };
      } finally {
        await nodes.stop();
      }
    },
    stop: async () => {
      await controllers.stop();
      await server.stop();
      await rm(root, { recursive: true });
    },
  };
}
