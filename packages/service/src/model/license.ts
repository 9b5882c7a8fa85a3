import { parseDocument } from 'yaml';
import type { ModelFiles } from './facts.ts';
import type { GgufValue } from './gguf.ts';

export interface License {
  /** An SPDX identifier where one is known, otherwise the name as found. */
  readonly id: string;
  /** Where it was found. */
  readonly source: string;
}

// the hub writes identifiers in lower case
const spdx: Readonly<Record<string, string>> = {
  'apache-2.0': 'Apache-2.0',
  mit: 'MIT',
  'bsd-3-clause': 'BSD-3-Clause',
  'bsd-2-clause': 'BSD-2-Clause',
  'cc-by-4.0': 'CC-BY-4.0',
  'cc-by-sa-4.0': 'CC-BY-SA-4.0',
  'cc-by-nc-4.0': 'CC-BY-NC-4.0',
  'cc0-1.0': 'CC0-1.0',
  'gpl-3.0': 'GPL-3.0-only',
  'agpl-3.0': 'AGPL-3.0-only',
};

const titles: readonly (readonly [RegExp, string])[] = [
  [/Apache License\s+Version 2\.0/i, 'Apache-2.0'],
  [/\bMIT License\b|Permission is hereby granted, free of charge/i, 'MIT'],
  [/GNU AFFERO GENERAL PUBLIC LICENSE\s+Version 3/i, 'AGPL-3.0-only'],
  [/GNU GENERAL PUBLIC LICENSE\s+Version 3/i, 'GPL-3.0-only'],
  [/Creative Commons Attribution 4\.0/i, 'CC-BY-4.0'],
];

/** In this order: what the service declares, the GGUF header, the model card, the licence file. */
export async function licenseOf(
  model: ModelFiles,
  metadata?: ReadonlyMap<string, GgufValue>,
  declared?: string,
): Promise<License | undefined> {
  if (declared !== undefined) return { id: declared, source: 'fairway.yaml' };
  const header = metadata?.get('general.license');
  if (typeof header === 'string' && header !== '') return { id: named(header), source: 'general.license' };
  if (model.paths.includes('README.md')) {
    const id = fromCard(await model.text('README.md'));
    if (id !== undefined) return { id, source: 'README.md' };
  }
  const file = model.paths.find(path => /^(LICEN[CS]E|COPYING)(\.(txt|md))?$/i.test(path));
  if (file === undefined) return undefined;
  const text = (await model.text(file)).slice(0, 4000);
  const id = titles.find(([title]) => title.test(text))?.[1];
  return id === undefined ? undefined : { id, source: file };
}

function fromCard(card: string): string | undefined {
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(card)?.[1];
  if (front === undefined) return undefined;
  const document = parseDocument(front);
  if (document.errors.length > 0) return undefined;
  const id = document.get('license');
  if (id === 'other' || id === 'unknown') {
    const name = document.get('license_name');
    return typeof name === 'string' ? name : undefined;
  }
  return typeof id === 'string' ? named(id) : undefined;
}

function named(id: string): string {
  return spdx[id.toLowerCase()] ?? id;
}
