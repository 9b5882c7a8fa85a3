import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The licences of packages, as their terms ask of whoever passes their code on: each text once, under all packages that have it. */
export async function licenseTexts(packages: readonly string[]): Promise<string> {
  const found = new Map<string, { readonly titles: Set<string>; readonly text: string }>();
  for (const { title, text } of await Promise.all(packages.map(licenseOf))) {
    const words = text.replace(/\s+/g, ' ');
    const same = found.get(words) ?? { titles: new Set(), text };
    same.titles.add(title);
    found.set(words, same);
  }
  const parts = [...found.values()].map(({ titles, text }) => `${[...titles].join('\n')}\n\n${text}\n`);
  return parts.join(`\n${'-'.repeat(100)}\n\n`);
}

async function licenseOf(folder: string): Promise<{ readonly title: string; readonly text: string }> {
  const description = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
    author?: string | { name: string };
  };
  const { author } = description;
  const title = `${description.name} ${description.version} (${description.license ?? 'licence not declared'})`;
  const file = (await readdir(folder)).sort().find(name => /^licen[cs]e/i.test(name));
  if (file) return { title, text: (await readFile(join(folder, file), 'utf8')).trim() };
  const by = typeof author === 'object' ? author.name : (author ?? 'its authors');
  return { title, text: `The package holds no licence text; by ${by}.` };
}
