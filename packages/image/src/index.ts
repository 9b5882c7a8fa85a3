export { blobPath, blobSize, digestOf, hasBlob, writeBlob } from './blobs.ts';
export type { Bytes, Layout } from './blobs.ts';
export { compressionOf, isStoredAs } from './compression.ts';
export type { Compression } from './compression.ts';
export { engineArchive } from './engine-archive.ts';
export { FilesLayer } from './files-layer.ts';
export type { LayerFile } from './files-layer.ts';
export { importArchive, SizeMisled } from './import-archive.ts';
export type { ArchiveImport } from './import-archive.ts';
export {
  findImage,
  imageBlobs,
  missingBlob,
  nameImage,
  openLayout,
  readBlob,
  readConfig,
  readIndex,
  readManifest,
  removeNames,
  verifyImage,
} from './layout.ts';
export { LayoutError } from './layout-error.ts';
export { storedLayers, unpackedSize, writeLayer } from './layers.ts';
export type { StoredLayer, WrittenLayer } from './layers.ts';
export { annotations, mediaTypes } from './oci.ts';
export type { Descriptor, ImageConfig, ImageIndex, ImageManifest } from './oci.ts';
export { pruneLayout } from './prune.ts';
export { receiveImage } from './receive-image.ts';
export { layerEntries } from './read-layer.ts';
export type { LayerEntry } from './read-layer.ts';
export { regroupLayers } from './regroup-layers.ts';
export type { RegroupedImage, RegroupRequest } from './regroup-layers.ts';
export { requireSpace } from './space.ts';
export type { Writing } from './space.ts';
export { storeLayersAs } from './store-layers.ts';
export type { StoreRequest } from './store-layers.ts';
