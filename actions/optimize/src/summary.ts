import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { SmokeAnswer } from '@fairway/clients/docker/index';

export interface SizeReport {
  /** Digests of the manifests. */
  readonly from: string;
  readonly to: string;
  /** How the layers above the base are stored: gzip, zstd, none, estargz. */
  readonly compression: string;
  /** Bytes of the layers in a registry. */
  readonly storedBefore: number;
  readonly storedAfter: number;
  /** Bytes as the daemon counts them. */
  readonly sizeBefore: number;
  readonly sizeAfter: number;
  readonly layersBefore: number;
  readonly layersAfter: number;
  /** Those above the base, lowest first, with their bytes in a registry. */
  readonly layers: readonly { readonly group: string; readonly size: number }[];
  readonly dropped: { readonly files: number; readonly bytes: number };
  /** Absent where nothing was left out: the content is the same. */
  readonly answerBefore?: SmokeAnswer;
  readonly answerAfter?: SmokeAnswer;
}

/** @param asItWas why the content is the given one, where it is */
export function optimizedReason(report: SizeReport, asItWas: Reason | undefined): Reason | string {
  const { compression, storedBefore, storedAfter } = report;
  if (!asItWas && compression === 'gzip') return sizeReason(report);
  const form = reasonOf('optimize.form', {
    ...{ compression, before: megabytes(storedBefore), after: megabytes(storedAfter) },
  });
  return listOf('list.then', [
    ...(asItWas ? [form, reasonOf('optimize.sameContent', { why: asItWas })] : [sizeReason(report), form]),
  ]);
}

function sizeReason({ sizeBefore, sizeAfter }: Pick<SizeReport, 'sizeBefore' | 'sizeAfter'>): Reason {
  const percent = Math.round((1 - sizeAfter / sizeBefore) * 100);
  return reasonOf('optimize.smaller', { before: megabytes(sizeBefore), after: megabytes(sizeAfter), percent });
}

export function sizeSummary(report: SizeReport): string {
  const { answerBefore, answerAfter, dropped } = report;
  return [
    '| | before | after |',
    '| --- | ---: | ---: |',
    `| size | ${megabytes(report.sizeBefore)} | ${megabytes(report.sizeAfter)} |`,
    `| layers | ${report.layersBefore} | ${report.layersAfter} |`,
    `| in the registry (${report.compression}) | ${megabytes(report.storedBefore)} | ${megabytes(report.storedAfter)} |`,
    ...(answerBefore && answerAfter
      ? [`| container start to first token | ${seconds(answerBefore)} | ${seconds(answerAfter)} |`]
      : []),
    '',
    `${dropped.files} files of ${megabytes(dropped.bytes)} were left out; the rest of the difference lay hidden under later layers.`,
    '',
    `Layers above the ${report.layersAfter - report.layers.length} of the base, which a version sends again only when something in them changed: ${report.layers.map(({ group, size }) => `${group} ${megabytes(size)}`).join(', ')}.`,
    '',
  ].join('\n');
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function seconds({ coldFirstTokenMilliseconds }: SmokeAnswer): string {
  return `${(coldFirstTokenMilliseconds / 1000).toFixed(2)} s`;
}
