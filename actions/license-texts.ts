import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The licences of packages, one after the other, as their terms ask of whoever passes their code on. */
export async function licenseTexts(packages: readonly string[]): Promise<string> {
  const texts = await Promise.all(packages.map(licenseText));
  return `${[...new Set(texts)].join(`\n${'-'.repeat(100)}\n\n`)}`;
}

async function licenseText(folder: string): Promise<string> {
  const description = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
    author?: string | { name: string };
  };
  const { author } = description;
  const title = `${description.name} ${description.version} (${description.license ?? 'licence not declared'})`;
  const file = (await readdir(folder)).sort().find(name => /^licen[cs]e/i.test(name));
  if (file) return `${title}\n\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`;
  return `${title}\n\nThe package holds no licence text; by ${typeof author === 'object' ? author.name : (author ?? 'its authors')}.\n`;
}
