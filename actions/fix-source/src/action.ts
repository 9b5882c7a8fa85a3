import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import { loadServiceFile } from '@fairway/service';
import { code, table } from '@fairway/stage/markdown';
import { runStep } from '@fairway/stage/step';
import { fixSource } from './fix-source.ts';
import { readPlan } from './plan.ts';

await runStep(async signal => {
  const folder = resolve(process.env['GITHUB_WORKSPACE'] ?? '.', core.getInput('service') || '.');
  const results = core.getInput('results', { required: true });
  const { service } = await loadServiceFile(folder, core.getInput('environment') || undefined);
  const { openUv } = await import('@fairway/clients/uv/index');
  const { openNpm } = await import('@fairway/clients/npm/npm');
  const fixed = await fixSource({
    folder,
    service,
    plan: await readPlan(results),
    programs: {
      uv: openUv(core.getInput('uv') || 'uv', signal),
      npm: openNpm(core.getInput('npm') || 'npm', signal),
    },
    dockerConfig: core.getInput('docker-config') || process.env['DOCKER_CONFIG'],
    signal,
    progress: core.info,
  });
  await writeFile(join(results, 'fix.json'), JSON.stringify(fixed, null, 2));
  const changed = Object.keys(fixed.files);
  const { fixes } = fixed;
  core.setOutput('changed', changed.join('\n'));
  core.info(changed.length > 0 ? `Changed: ${changed.join(', ')}.` : 'Nothing in the source could be changed.');
  if (process.env['GITHUB_STEP_SUMMARY'])
    await core.summary
      .addRaw(
        [
          `## fix-source of ${code(service.name)}: ${changed.length > 0 ? `changed ${changed.map(code).join(', ')}` : 'nothing changed'}`,
          ...table(
            ['package', 'installed', 'at least', ''],
            fixes.map(({ package: name, installed, atLeast, done }) => [name, installed, atLeast, done]),
          ),
          '',
        ].join('\n'),
      )
      .write();
});
