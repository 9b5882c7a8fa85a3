import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel, ExtractorMessageCategory } from '@microsoft/api-extractor';
import { type Plugin, root } from '@fairway/pack/plugin';

/**
 * What is wrong with the report of a plugin's public API, `report.api.md` for its first entry, as API Extractor makes it of the
 * declarations that are published: everything exported has a release tag and a docstring, every type that it names is exported,
 * and the report in the checkout is the one of today.
 * @param packed   folder of the unpacked package
 * @param scratch  folder below which the packages of others are found
 * @param write    writes the report in the place of comparing it
 */
export async function apiReportProblems(
  plugin: Plugin,
  packed: string,
  scratch: string,
  write: boolean,
): Promise<readonly string[]> {
  // below node_modules the declarations would be those of somebody else
  const folder = join(scratch, 'api', basename(plugin.folder));
  await mkdir(join(folder, 'dist'), { recursive: true });
  await cp(join(packed, 'package.json'), join(folder, 'package.json'));
  for (const name of await readdir(join(packed, 'dist')))
    if (name.endsWith('.d.ts')) await cp(join(packed, 'dist', name), join(folder, 'dist', name));
  const problems: string[] = [];
  for (const entry of Object.keys(plugin.entries)) {
    const name = entry === 'index' ? 'report' : `report-${entry}`;
    problems.push(...extract(folder, entry, name));
    const made = await readFile(join(folder, `${name}.api.md`), 'utf8');
    for (const [, undocumented] of made.matchAll(/^\/\/ @public \(undocumented\)\n(export .*)$/gm))
      problems.push(`${undocumented} has no docstring.`);
    const stored = join(plugin.folder, `${name}.api.md`);
    if (write) await cp(join(folder, `${name}.api.md`), stored);
    else if (words(await readFile(stored, 'utf8').catch(() => '')) !== words(made))
      problems.push(
        `${relative(root, stored)} is not what is published; node test/packed-plugins.ts --write makes it so.`,
      );
  }
  return problems.map(problem => `${plugin.manifest.name}: ${problem}`);
}

/** What a report says, whatever the order of the members of a type: TypeScript writes them as it comes to see the files, which are read side by side. */
function words(report: string): string {
  return report
    .split(/[\s;,|]+/)
    .sort()
    .join(' ');
}

/** Writes the report of one entry into the folder. */
function extract(folder: string, entry: string, name: string): readonly string[] {
  const problems: string[] = [];
  const file = join(folder, 'dist', `${entry}.d.ts`);
  const compilerOptions = {
    target: 'es2023',
    module: 'nodenext',
    lib: ['es2023', 'dom'],
    types: [],
    skipLibCheck: true,
  };
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: file,
      compiler: { overrideTsconfig: { compilerOptions, files: [file] } },
      apiReport: { enabled: true, reportFileName: name, reportFolder: folder, reportTempFolder: join(folder, 'temp') },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning },
          // of exports the report says it; what a field of a schema is, its name says
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
        },
        // docstrings are written as in the rest of the repository
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: message => {
      message.handled = true;
      // what it says of the file that it writes is no problem
      if (message.category !== ExtractorMessageCategory.Console && isProblem(message.logLevel))
        problems.push(message.text);
    },
  });
  return problems;
}

function isProblem(level: ExtractorLogLevel): boolean {
  return level === ExtractorLogLevel.Warning || level === ExtractorLogLevel.Error;
}
