import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { libraryTriplet } from '@fairway/platform/cluster/layout';
import { partsFolder } from '@fairway/platform/folders';
import type { Part } from '@fairway/platform/parts';

/** Unpacked like every other part, never installed into the machine; with fonts for both languages of the portal. */
const part: Part = {
  kind: 'debian',
  name: 'chromium',
  suite: 'machine',
  packages: ['chromium', 'fonts-liberation', 'fonts-wqy-zenhei'],
};

const libraryFolders = ['lib', 'usr/lib', 'usr/lib/pulseaudio'].map(path =>
  path.replace('lib', `lib/${libraryTriplet()}`),
);

export interface Chromium {
  readonly program: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** The machine's Chromium, or one that is brought from Debian's packages into the user's cache. */
export async function chromium(): Promise<Chromium> {
  const own = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map(folder => join(folder, 'chromium'))
    .find(program => existsSync(program));
  if (own) return { program: own, environment: process.env };
  const folders = platformFolders();
  const { signal } = new AbortController();
  const made = await ensureParts([part], { folder: partsFolder(folders), signal, progress: () => {} });
  const folder = made.get(part.name) ?? '';
  return {
    program: join(folder, 'usr/lib/chromium/chromium'),
    environment: {
      ...process.env,
      LD_LIBRARY_PATH: libraryFolders.map(path => join(folder, path)).join(':'),
      FONTCONFIG_FILE: await fontConfiguration(folder, join(folders.cache, 'chromium-fonts')),
    },
  };
}

/** Generic names lead to the fonts of the part, whatever the machine prefers, so that pictures look the same everywhere. */
function preferred(generic: string): string {
  const own = generic === 'monospace' ? 'Liberation Mono' : 'Liberation Sans';
  const families = [own, 'WenQuanYi Zen Hei'].map(family => `<string>${family}</string>`).join('');
  return `<match><test name="family"><string>${generic}</string></test><edit name="family" mode="prepend" binding="strong">${families}</edit></match>`;
}

/** Fonts are found in the part, and their index is kept beside it: a part is never written to. */
async function fontConfiguration(part: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'fonts.conf');
  await writeFile(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${part}/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  ${['system-ui', 'sans-serif', 'sans', 'monospace'].map(preferred).join('\n  ')}
  <match><edit name="family" mode="append" binding="weak"><string>Liberation Sans</string></edit></match>
  <cachedir>${folder}/cache</cachedir>
</fontconfig>
`,
  );
  return file;
}
