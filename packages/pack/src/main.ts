/** npm run pack [-- FOLDER]: the packages of the portal's plugins, in packages/pack/dist/ or in FOLDER. */
import { join, relative, resolve } from 'node:path';
import { pack } from './packed.ts';
import { publishedPlugins, root } from './plugin.ts';

const [folder = join(root, 'packages/pack/dist')] = process.argv.slice(2).map(path => resolve(path));
for (const plugin of await publishedPlugins())
  process.stdout.write(`${relative(process.cwd(), await pack(plugin, folder))}\n`);
