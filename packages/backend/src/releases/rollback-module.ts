import { coreServices, createBackendModule } from '@backstage/backend-plugin-api';
import { rollbackExtensionPoint } from '@fairway/backstage-plugin-fairway-backend';
import { Cluster } from '@fairway/clients/kubernetes/index';
import { rollback } from '@fairway/rollback';

/** Lets the portal go back as `fairway rollback` does. */
export default createBackendModule({
  pluginId: 'fairway',
  moduleId: 'rollback',
  register({ registerInit }) {
    registerInit({
      deps: { point: rollbackExtensionPoint, lifecycle: coreServices.rootLifecycle },
      async init({ point, lifecycle }) {
        const end = new AbortController();
        lifecycle.addShutdownHook(() => end.abort());
        point.setRollback(({ kubeConfig, context, namespace, name, revision, keep, holder }) =>
          rollback(
            new Cluster(kubeConfig, context),
            { namespace, name },
            {
              ...{ revision, keep, holder, signal: end.signal },
              now: () => new Date(),
              progress: () => {},
            },
          ),
        );
      },
    });
  },
});
