import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the READMEs of the plugins ask of somebody who installs them. */
export interface ReadmeSteps {
  /** Packages by the folder of the workspace that gets them. */
  readonly packages: readonly { readonly workspace: string; readonly name: string }[];
  /** Code by the file that it goes into. */
  readonly edits: readonly { readonly file: string; readonly code: string }[];
  /** Parts of app-config.yaml. */
  readonly configurations: readonly string[];
}

/** Reads the commands, the blocks of code that begin with the name of their file, and those of app-config.yaml. */
export async function readmeSteps(readmes: readonly string[]): Promise<ReadmeSteps> {
  const texts = await Promise.all(readmes.map(path => readFile(path, 'utf8')));
  const blocks = texts.flatMap(text => [...text.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(([, block]) => block!));
  const commands = blocks.flatMap(block => [...block.matchAll(/^yarn --cwd (\S+) add (\S+)$/gm)]);
  return {
    packages: commands.map(([, workspace, name]) => ({ workspace: workspace!, name: name! })),
    edits: blocks.flatMap(block => {
      const [, file, code] = /^\/\/ (packages\/\S+)\n([\s\S]*)$/.exec(block) ?? [];
      return file && code ? [{ file, code }] : [];
    }),
    configurations: blocks.filter(block => block.startsWith('# app-config.yaml\n')),
  };
}

/** Where the READMEs say that code goes, in the files of @backstage/create-app. */
const places: Readonly<Record<string, RegExp>> = {
  'packages/backend/src/index.ts': /(?=^backend\.start\(\);)/m,
  'packages/app/src/App.tsx': /(?=^ *<\/FlatRoutes>)/m,
  'packages/app/src/components/Root/Root.tsx': /(?=^ *<SidebarItem icon=\{ExtensionIcon\})/m,
  'packages/app/src/components/catalog/EntityPage.tsx':
    /(?<=^const serviceEntityPage = \(\n {2}<EntityLayout>\n[\s\S]*?<\/EntityLayout\.Route>\n)/m,
};

/** Puts the imports of a step at the top of its file, and the rest where the README says. */
export async function applyEdit(app: string, { file, code }: ReadmeSteps['edits'][number]): Promise<void> {
  const place = places[file];
  if (!place) throw new Error(`A README has code for ${file}, of which this test does not know where it goes.`);
  const path = join(app, file);
  const text = await readFile(path, 'utf8');
  if (!place.test(text)) throw new Error(`${file} of the fresh app has no place for the code of the README.`);
  const imports = code.match(/^import [\s\S]*?;$/gm) ?? [];
  const rest = imports.reduce((left, one) => left.replace(one, ''), code).trim();
  await writeFile(path, `${imports.join('\n')}\n${text.replace(place, () => `${rest}\n`)}`);
}
