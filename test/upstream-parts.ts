import { join } from 'node:path';
import type { Part } from '@fairway/platform/parts';

/** Custom resources of projects that the local platform does not run, out of their Go modules. */
const source = join(import.meta.dirname, 'clusters/upstream');

export const prometheusOperatorDefinitions: Part = {
  kind: 'module-files',
  name: 'prometheus-operator',
  source,
  module: 'github.com/prometheus-operator/prometheus-operator',
  from: 'bundle.yaml',
  to: 'bundle.yaml',
};

export const elasticOperatorDefinitions: Part = {
  kind: 'module-files',
  name: 'elastic-operator',
  source,
  module: 'github.com/elastic/cloud-on-k8s/v2',
  from: 'config/crds/v1/all-crds.yaml',
  to: 'v1/all-crds.yaml',
};

/** Istio releases no module: this is the state of its branch 1.31 that the local platform builds. */
export const istioDefinitions: Part = {
  kind: 'module-files',
  name: 'istio-definitions',
  source,
  module: 'istio.io/istio',
  from: 'manifests/charts/base/files',
  to: 'manifests/charts/base/files',
};

export const kedaDefinitions: Part = {
  kind: 'module-files',
  name: 'keda-definitions',
  source: join(import.meta.dirname, 'clusters/keda'),
  module: 'github.com/kedacore/keda/v2',
  from: 'config/crd/bases',
  to: 'crds',
};

export const externalSecretsDefinitions: Part = {
  kind: 'module-files',
  name: 'external-secrets-definitions',
  source: join(import.meta.dirname, 'clusters/external-secrets'),
  module: 'github.com/external-secrets/external-secrets',
  from: 'config/crds/bases',
  to: 'crds',
};

export const kueueDefinitions: Part = {
  kind: 'module-files',
  name: 'kueue-definitions',
  source: join(import.meta.dirname, 'clusters/kueue'),
  module: 'sigs.k8s.io/kueue',
  from: 'config/components/crd/bases',
  to: 'crds',
};

const workloadKinds = join(import.meta.dirname, 'clusters/workload-kinds');

export const rolloutDefinitions: Part = {
  kind: 'module-files',
  name: 'rollout-definitions',
  source: workloadKinds,
  module: 'github.com/argoproj/argo-rollouts',
  from: 'manifests/crds',
  to: 'crds',
};

export const leaderWorkerSetDefinitions: Part = {
  kind: 'module-files',
  name: 'leader-worker-set-definitions',
  source: workloadKinds,
  module: 'sigs.k8s.io/lws',
  from: 'config/crd/bases',
  to: 'crds',
};

export const kserveDefinitions: Part = {
  kind: 'module-files',
  name: 'kserve-definitions',
  source: workloadKinds,
  module: 'github.com/kserve/kserve',
  from: 'config/crd/full/llmisvc/serving.kserve.io_llminferenceservices.yaml',
  to: 'crds/llminferenceservices.yaml',
};

/** What the controller of KServe merges the pods of an LLMInferenceService over. */
export const kserveBase: Part = {
  kind: 'module-files',
  name: 'kserve-base',
  source: workloadKinds,
  module: 'github.com/kserve/kserve',
  from: 'config/llmisvcconfig/config-llm-template.yaml',
  to: 'config-llm-template.yaml',
};

export const rolloutsController: Part = {
  kind: 'go-module',
  name: 'rollouts-controller',
  module: 'github.com/argoproj/argo-rollouts',
  version: 'v1.10.1',
  sum: 'h1:6oyVPGiHHxu3ixkT6mngemh88HLPDoTX1IwO6KNR1Y4=',
  main: './cmd/rollouts-controller',
};

export const leaderWorkerSetController: Part = {
  kind: 'go-module',
  name: 'leader-worker-set-controller',
  module: 'sigs.k8s.io/lws',
  version: 'v0.7.0',
  sum: 'h1:qWfzX8+UBak+Hq0+m/PuE3uO0mp/3dmm5q/h/7z31A8=',
  main: './cmd',
  copies: [{ from: 'config/webhook/manifests.yaml', to: 'webhooks.yaml' }],
};

export const kserveController: Part = {
  kind: 'go-module',
  name: 'kserve-controller',
  module: 'github.com/kserve/kserve',
  version: 'v0.20.0',
  sum: 'h1:Bs7HxmGV4KFqqptDcWseKv+mwD4YOYHJWcuVgPG2Gug=',
  main: './cmd/llmisvc',
  copies: [
    { from: 'config/webhook/llmisvc/manifests.yaml', to: 'webhooks.yaml' },
    { from: 'config/configmap/inferenceservice.yaml', to: 'configuration.yaml' },
    {
      from: 'config/crd/full/llmisvc/serving.kserve.io_llminferenceserviceconfigs.yaml',
      to: 'crds/llminferenceserviceconfigs.yaml',
    },
  ],
};

export const kueueController: Part = {
  kind: 'go-module',
  name: 'kueue-controller',
  module: 'sigs.k8s.io/kueue',
  version: 'v0.17.0',
  sum: 'h1:7hzb38M4eKGzYW+CFv2s1L+swzzacUCHOCXxZmAV90I=',
  main: './cmd/kueue',
  copies: [{ from: 'config/components/webhook/manifests.yaml', to: 'webhooks.yaml' }],
};

const keda = {
  kind: 'go-module',
  module: 'github.com/kedacore/keda/v2',
  version: 'v2.21.0',
  sum: 'h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps=',
} as const;

export const kedaOperator: Part = { ...keda, name: 'keda-operator', main: './cmd/operator' };

/** What gives the autoscaler of Kubernetes the metrics that the operator reads. */
export const kedaAdapter: Part = { ...keda, name: 'keda-adapter', main: './cmd/adapter' };
