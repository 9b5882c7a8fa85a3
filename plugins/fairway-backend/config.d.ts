export interface Config {
  /** Fairway: deliveries, clusters and alerts of inference services. */
  fairway?: {
    /**
     * GitHub runs that may store deliveries, proved by the OpenID Connect token of the run. Without it none may.
     */
    github?: {
      /**
       * Issuer of the tokens. Default: https://token.actions.githubusercontent.com; of a GitHub Enterprise Server
       * https://HOST/_services/token.
       * @visibility backend
       */
      issuer?: string;
      /**
       * Audience that a run asks its token for. Default: backend.baseUrl.
       * @visibility backend
       */
      audience?: string;
      /**
       * Address of the GitHub server, for links to runs. Default: that of the issuer.
       * @visibility backend
       */
      server?: string;
      /**
       * Repositories that may deliver, as owner/name; * stands for anything but a slash.
       * @visibility backend
       */
      repositories: string[];
      /**
       * Workflows that may deliver, as owner/name/.github/workflows/file@ref; * stands for anything but a slash, ** for
       * anything.
       * @visibility backend
       */
      workflows: string[];
    };
    /**
     * GitLab pipelines that may store deliveries, proved by the ID token of a job. Only those of protected branches and tags may.
     * Without it none may.
     */
    gitlab?: {
      /**
       * Address of the instance. Default: https://gitlab.com.
       * @visibility backend
       */
      url?: string;
      /**
       * Audience that a job asks its token for. Default: backend.baseUrl.
       * @visibility backend
       */
      audience?: string;
      /**
       * Projects that may deliver, as group/project; * stands for anything but a slash, ** for anything.
       * @visibility backend
       */
      projects: string[];
    };
    /**
     * For whose services the holders of external access tokens may send deliveries. A token that is not named here sends none.
     */
    senders?: Array<{
      /**
       * The subject of the token in backend.auth.externalAccess.
       * @visibility backend
       */
      subject: string;
      /**
       * Owners as in fairway.yaml; "*" is every owner, which is for the one token of a laptop.
       * @visibility backend
       */
      owners: string[];
    }>;
    /**
     * Registries in which the record of a delivery is compared with the one that push attached to the image. Without it none is, and
     * no other registry is asked.
     */
    verifyRecords?: {
      registries: Array<{
        /**
         * Host and port, as in the reference of an image.
         * @visibility backend
         */
        host: string;
        /**
         * Who may pull. Default: everybody may.
         * @visibility backend
         */
        username?: string;
        /**
         * @visibility secret
         */
        password?: string;
      }>;
    };
    /**
     * Clusters that are watched. Each has a kubeconfig with its context, a url with a token, or inCluster; without any of them it is the
     * cluster of this name in kubernetes.clusterLocatorMethods.
     */
    clusters?: Array<{
      /**
       * How the portal calls the cluster, and Backstage's Kubernetes plugin where it is one of that.
       * @visibility backend
       */
      name: string;
      /**
       * Path of a kubeconfig.
       * @visibility backend
       */
      kubeconfig?: string;
      /**
       * Context of the kubeconfig; its current one is never taken.
       * @visibility backend
       */
      context?: string;
      /**
       * Address of the Kubernetes API, instead of a kubeconfig.
       * @visibility backend
       */
      url?: string;
      /**
       * Token of a service account that is bound to the ClusterRole in kubernetes/cluster-role.yaml.
       * @visibility secret
       */
      serviceAccountToken?: string;
      /**
       * The cluster that the portal itself runs in, by the service account of its pod.
       * @visibility backend
       */
      inCluster?: boolean;
      /**
       * Certificate authority of the cluster in PEM, base64-encoded. Default: those of the system.
       * @visibility backend
       */
      caData?: string;
      /**
       * Base address of the Prometheus that has the cluster's DCGM and engine metrics; without it the GPU page has no
       * utilisation and no queues. It may hold a login (https://user:password@host), which is shown nowhere.
       * @visibility secret
       */
      prometheusUrl?: string;
      /**
       * What lets the portal in at prometheusUrl, where that has no user and password: one of token, tokenFile, tokenCommand and awsRegion.
       */
      prometheusLogin?: {
        /**
         * Bearer token.
         * @visibility secret
         */
        token?: string;
        /**
         * File with the bearer token, read for each request, such as a projected token of the pod.
         * @visibility backend
         */
        tokenFile?: string;
        /**
         * Command for sh that prints the bearer token; run again every five minutes.
         * @visibility secret
         */
        tokenCommand?: string;
        /**
         * Region of an Amazon managed Prometheus, such as eu-central-1. Requests are signed with what the SDK of AWS finds: environment,
         * web identity or identity of the pod, profile, role of the machine.
         * @visibility backend
         */
        awsRegion?: string;
        /**
         * Tenant that Mimir, Cortex or Thanos is asked for (X-Scope-OrgID), with any of those.
         * @visibility backend
         */
        tenant?: string;
        /**
         * Certificates (PEM) of the authority that vouches for prometheusUrl. Default: those of the system.
         * @visibility backend
         */
        ca?: string;
      };
      /**
       * Labels by which prometheusUrl, where it is a store of several clusters such as Thanos or Mimir, tells this cluster from others:
       * cluster: prod-eu. An Alertmanager of several clusters tells them apart by the same labels. Every question to Prometheus asks
       * for them, so leave them out for a Prometheus of this cluster alone, which does not see its own external labels.
       * @visibility backend
       */
      prometheusLabels?: { [name: string]: string };
      /**
       * Base address of the Alertmanager of the cluster; several clusters may share one. It may hold a login, which is shown nowhere.
       * @visibility secret
       */
      alertmanagerUrl?: string;
      /**
       * What lets the portal in at alertmanagerUrl, where that has no user and password: one of token, tokenFile, tokenCommand and awsRegion.
       */
      alertmanagerLogin?: {
        /**
         * Bearer token.
         * @visibility secret
         */
        token?: string;
        /**
         * File with the bearer token, read for each request, such as a projected token of the pod.
         * @visibility backend
         */
        tokenFile?: string;
        /**
         * Command for sh that prints the bearer token; run again every five minutes.
         * @visibility secret
         */
        tokenCommand?: string;
        /**
         * Region of the Alertmanager of an Amazon managed Prometheus, such as eu-central-1. Requests are signed with what the SDK of AWS finds: environment,
         * web identity or identity of the pod, profile, role of the machine.
         * @visibility backend
         */
        awsRegion?: string;
        /**
         * Tenant whose Alertmanager Mimir or Cortex is asked for (X-Scope-OrgID), with any of those.
         * @visibility backend
         */
        tenant?: string;
        /**
         * Certificates (PEM) of the authority that vouches for alertmanagerUrl. Default: those of the system.
         * @visibility backend
         */
        ca?: string;
      };
      /**
       * Base address of the OpenSearch or Elasticsearch that holds the logs of the cluster; several clusters may share one. It may hold a
       * login, which is shown nowhere.
       * @visibility secret
       */
      logsUrl?: string;
      /**
       * Connection string of the PostgreSQL that has the ledger of the cluster (postgres://user:password@host/database), whose user may
       * read the schema ledger. Its login is shown nowhere.
       * @visibility secret
       */
      ledgerUrl?: string;
      /**
       * Whether the portal may move the traffic of services back to a version that was released before. Its account needs the
       * role in kubernetes/actions-role.yaml for that. Default: false.
       * @visibility backend
       */
      actions?: boolean;
    }>;
    /**
     * Address that completes the paths of runbooks in alerts: those of Fairway's own rules are `docs/runbooks/…` in its
     * repository. Example: https://github.com/acme/fairway/blob/main/. Without it a path is shown as text.
     * @visibility backend
     */
    runbooks?: string;
    notifications?: {
      /**
       * Language in which notifications are sent, to the portal, e-mail and chats: en or zh. Default: en.
       * @visibility backend
       */
      language?: 'en' | 'zh';
    };
    alerts?: {
      /**
       * Alerts that the portal leaves out: those of which all matchers of one entry are true. A matcher is one of Alertmanager, such as
       * alertname="Watchdog", namespace=~"kube-.*" or severity!="page".
       * @visibility backend
       */
      ignore?: Array<{ matchers: string[] }>;
    };
    /**
     * How many of the newest deliveries of a service are kept, beside those that say what is in production and what the last
     * load test found. Default: 200.
     * @visibility backend
     */
    keepDeliveries?: number;
    /**
     * Days after which a delivery goes, beside those and the latest one of a service. Default: 365.
     * @visibility backend
     */
    keepDays?: number;
    /**
     * Megabytes of records and evidence over which the oldest deliveries go, beside those and the latest one of a service.
     * Default: 5000.
     * @visibility backend
     */
    keepMegabytes?: number;
    /**
     * What a million tokens of a model and an hour of a GPU cost, from a day on where it changed. Without it neither has a cost.
     */
    prices?: {
      /**
       * As it is shown, such as EUR.
       * @visibility backend
       */
      currency: string;
      /**
       * @visibility backend
       */
      prices?: Array<{ model: string; from?: string; promptPerMillion: number; completionPerMillion: number }>;
      /**
       * By GPU class, as the page of capacity calls it. Parts of a GPU cost their part.
       * @visibility backend
       */
      gpus?: Array<{ class: string; from?: string; perHour: number }>;
    };
    /**
     * Hub whose models people ask about by name in "Would a model fit?".
     */
    hub?: {
      /**
       * Address of a server with the interface of the Hugging Face hub. Default: https://huggingface.co.
       * @visibility backend
       */
      url?: string;
      /**
       * Token for models that are private or ask for consent. Whoever may see the capacity then learns the shape of every model that it may read.
       * @visibility secret
       */
      token?: string;
    };
    /**
     * Records of `fairway compare`, each `$include: <file>.json`.
     */
    comparisons?: Array<object>;
  };
}
