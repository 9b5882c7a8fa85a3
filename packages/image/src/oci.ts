/** Media types of the OCI image specification 1.1, and Docker's of the same things. */
export const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  gzipLayer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  zstdLayer: 'application/vnd.oci.image.layer.v1.tar+zstd',
} as const;

export const annotations = {
  /** The name of an image inside of its layout; other tools take it for a tag. */
  name: 'org.opencontainers.image.ref.name',
  /** The full name under which container engines load it. */
  engineName: 'io.containerd.image.name',
  /** Of a layer in eStargz: digest of its index. https://github.com/containerd/stargz-snapshotter/blob/v0.18.2/docs/estargz.md */
  tocDigest: 'containerd.io/snapshot/stargz/toc.digest',
  /** Of the same: bytes of its archive, which the end of its last gzip member does not say. */
  uncompressedSize: 'io.containers.estargz.uncompressed-size',
} as const;

/** Points to content by digest. */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:<hex>` */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ImageManifest {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly config: Descriptor;
  /** Lowest first. */
  readonly layers: readonly Descriptor[];
}

export interface ImageIndex {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
}

/** The configuration of an image, as far as it is read here; what else is in it stays as it is. */
export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  /** RFC 3339 */
  readonly created?: string;
  /** Digests of the uncompressed layers, lowest first. */
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly string[] };
  readonly history?: readonly {
    readonly created?: string;
    readonly created_by?: string;
    readonly empty_layer?: boolean;
  }[];
}
