/** A file of a model, wherever it lies. */
export interface ModelFile {
  readonly path: string;
  readonly size: number;
}

const mebibyte = 2 ** 20;
/** Container engines stack so many layers with room to spare: the kernel takes 500 (OVL_MAX_STACK), Docker 127. */
const mostLayers = 100;

/**
 * The files by the layers in which they go up: a large file has one of its own, so that another revision sends only what changed, and small ones
 * share. A model of very many files has more of them in each.
 */
export function layersOf<File extends ModelFile>(files: readonly File[]): readonly (readonly File[])[] {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  for (let most = 64 * mebibyte; ; most *= 1.25) {
    const layers = grouped(sorted, most);
    if (layers.length <= mostLayers) return layers;
  }
}

function grouped<File extends ModelFile>(files: readonly File[], most: number): readonly (readonly File[])[] {
  const layers: File[][] = [];
  let room = 0;
  for (const file of files) {
    if (file.size > room || layers.length === 0) {
      layers.push([file]);
      room = most - file.size;
    } else {
      layers.at(-1)!.push(file);
      room -= file.size;
    }
  }
  return layers;
}
