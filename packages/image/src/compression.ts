import { zstd } from './zstd.ts';
import { gzip } from './gzip.ts';
import { annotations, mediaTypes } from './oci.ts';
import type { Descriptor } from './oci.ts';

/** How the archive of a layer is stored: https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md, and eStargz, which is gzip with an index. */
export type Compression = 'gzip' | 'zstd' | 'none' | 'estargz';

interface Form {
  readonly mediaType: string;
  /** What the archive passes on its way; absent where it stays as it is. */
  readonly compress?: (archive: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;
}

/** The forms that any archive can be given as a whole. */
export const forms: Readonly<Record<Exclude<Compression, 'estargz'>, Form>> = {
  gzip: { mediaType: mediaTypes.gzipLayer, compress: gzip },
  zstd: { mediaType: mediaTypes.zstdLayer, compress: zstd },
  none: { mediaType: mediaTypes.layer },
};

export type WholeForm = keyof typeof forms;

/** How a layer is stored, by its descriptor. */
export function compressionOf({ mediaType, annotations: notes }: Descriptor): Compression {
  if (/zstd$/.test(mediaType)) return 'zstd';
  if (!/gzip$/.test(mediaType)) return 'none';
  return notes?.[annotations.tocDigest] === undefined ? 'gzip' : 'estargz';
}

/** Whether a layer is in a form already: whoever reads gzip reads eStargz. */
export function isStoredAs(layer: Descriptor, compression: Compression): boolean {
  const own = compressionOf(layer);
  return own === compression || (compression === 'gzip' && own === 'estargz');
}
