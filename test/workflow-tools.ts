import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { bringParts } from './bring-parts.ts';
import type { Part } from '@fairway/platform/parts';

/** What checks and runs workflows on this machine. The Go checksum database vouches for the modules behind these sums. */
export const workflowTools = {
  act: {
    kind: 'go-module',
    name: 'act',
    module: 'github.com/nektos/act',
    version: 'v0.2.89',
    sum: 'h1:d9oFeJ6jUkaVExuG+XzAaMPDqoDrNHaGeiRb8IU+N5w=',
    main: '.',
  },
  actionlint: {
    kind: 'go-module',
    name: 'actionlint',
    module: 'github.com/rhysd/actionlint',
    version: 'v1.7.12',
    sum: 'h1:vQ4GeJN86C0QH+gTUQcs8McmK62OLT3kmakPMtEWYnY=',
    main: './cmd/actionlint',
  },
  zizmor: {
    kind: 'wheel',
    name: 'zizmor',
    distribution: 'zizmor',
    version: '1.32.0',
    sha256: {
      x64: '84a6acb975accc13408786a2bd274b572537ca19c933ebbc13e78f3988562071',
      arm64: '0cdd38fca6eb34ceb567548548d706332e3535ea66894b9168c048e03207b68c',
    },
  },
  // as the examples' uv.txt pins it
  uv: {
    kind: 'wheel',
    name: 'uv',
    distribution: 'uv',
    version: '0.13.9',
    sha256: {
      x64: 'd7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19',
      arm64: '5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe',
    },
  },
} as const satisfies Record<string, Part>;

/** Brings a tool into the user's cache if it is not there. @returns the path of its program */
export async function workflowTool(name: keyof typeof workflowTools): Promise<string> {
  const tool = workflowTools[name];
  const made = await bringParts([], [tool]);
  const program = join(
    made.get(name) ?? '',
    tool.kind === 'wheel' ? `${name}-${tool.version}.data/scripts/${name}` : name,
  );
  // a wheel is unpacked without the permissions in it
  await chmod(program, 0o755);
  return program;
}
