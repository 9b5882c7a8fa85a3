/** What the cluster side hands to the serving side: a cluster that answers and the means to fill it. */
export interface ServingContext {
  /** Path of the administrator's kubeconfig; its server is on the host's loopback. */
  readonly kubeconfig: string;
  /** Context in that file; always named, never the current one. */
  readonly context: string;
  /** Loads an OCI archive into the node's container runtime; the image's name is its `org.opencontainers.image.ref.name`/`io.containerd.image.name` annotation. */
  importImage(ociArchivePath: string): Promise<void>;
  /** Names of the images that the node already holds. */
  images(): Promise<readonly string[]>;
  /** Folder of a built part. */
  part(name: string): string;
  /** Folder that outlives a restart of the platform (0700); the serving side may keep keys and made images in `serving/` below it. */
  readonly state: string;
  /** Folder for what can be made again, such as image archives. */
  readonly cache: string;
  /** The `iss` of every token: http://127.0.0.1:<port>. */
  readonly issuerUrl: string;
  readonly audience: string;
  /** Where the issuer is reached from inside the cluster (the node forwards it to the host). */
  readonly issuerAddress: { readonly ip: string; readonly port: number };
  /** Port of the node on which Envoy must listen (type NodePort); the host's gateway port is forwarded to it. */
  readonly gatewayNodePort: number;
  readonly signal: AbortSignal;
  /** One short line for the person who waits. */
  progress(message: string): void;
}

/** What the serving side gives back once the gateway answers. */
export interface Serving {
  /** "namespace/name" of the Gateway. */
  readonly gateway: string;
  /** "namespace/name:port" */
  readonly waf: string;
  /** Image that holds the guard of releases. */
  readonly guardImage: string;
  /** "namespace/name:port" of the Service behind which the issuer's keys are. */
  readonly jwksService: string;
}
