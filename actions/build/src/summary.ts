import type { LayerReport } from '@fairway/clients/docker/index';

const shown = 10;

/** The largest layers of an image as a Markdown table. */
export function buildSummary(size: number, layers: readonly LayerReport[]): string {
  const rows = [...layers]
    .sort((a, b) => b.size - a.size)
    .slice(0, shown)
    .map(layer => `| ${megabytes(layer.size)} | \`${instruction(layer.createdBy)}\` |`);
  return [`${megabytes(size)} in ${layers.length} layers.`, '', '| size | layer |', '| ---: | --- |', ...rows, ''].join(
    '\n',
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function instruction(text: string): string {
  const plain =
    text
      .replace(/ # buildkit$/, '')
      .replaceAll('|', '¦')
      .replaceAll('`', "'") || 'base image';
  return plain.length > 100 ? `${plain.slice(0, 99)}…` : plain;
}
