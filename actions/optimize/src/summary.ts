import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { SmokeAnswer } from '@fairway/clients/docker/index';

export interface SizeReport {
  readonly sizeBefore: number;
  readonly sizeAfter: number;
  readonly layersBefore: number;
  readonly layersAfter: number;
  /** Those above the base, lowest first, with their bytes in a registry. */
  readonly layers: readonly { readonly group: string; readonly size: number }[];
  readonly dropped: { readonly files: number; readonly bytes: number };
  readonly answerBefore: SmokeAnswer;
  readonly answerAfter: SmokeAnswer;
}

export function sizeReason({ sizeBefore, sizeAfter }: Pick<SizeReport, 'sizeBefore' | 'sizeAfter'>): Reason {
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
    `| container start to first token | ${seconds(answerBefore)} | ${seconds(answerAfter)} |`,
    '',
    `${dropped.files} files of ${megabytes(dropped.bytes)} were left out; the rest of the difference lay hidden under later layers.`,
    '',
    `Layers above the ${report.layersAfter - report.layers.length} of the base, which a version sends again only when something in them changed: ${report.layers.map(({ group, size }) => `${group} ${megabytes(size)}`).join(', ')}.`,
    '',
  ].join('\n');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function seconds({ coldFirstTokenMilliseconds }: SmokeAnswer): string {
  return `${(coldFirstTokenMilliseconds / 1000).toFixed(2)} s`;
}
