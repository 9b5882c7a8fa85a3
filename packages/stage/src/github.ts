import { isAbsolute, relative, resolve, sep } from 'node:path';
import * as core from '@actions/core';
import { withoutCounting } from '@fairway/service/counting-lines';
import { gitFacts } from './git-facts.ts';
import { parseRecord, readRecord, writeRecord } from './record-file.ts';
import { mergeRecords } from './record.ts';
import { Interrupted, type Runtime, type StageOutcome, runStage } from './run-stage.ts';
import { outcomeSummary, truncateSummary } from './summary.ts';
import { runStep } from './step.ts';
import { commonInputs } from './common.ts';
import type { InputSpecs } from './inputs.ts';
import type { Log, Stage } from './stage.ts';

/** GitHub shows 10 annotations of each level a step; more are cut without a word. */
const annotationLimit = 10;

/** Runs one stage as a JavaScript action: inputs from the step, outputs, annotations and job summary to it. */
export async function runAction(stage: Stage): Promise<void> {
  await runStep(async signal => {
    const given: Record<string, string> = {};
    const specs: InputSpecs = { ...commonInputs, ...stage.inputs };
    for (const [name, spec] of Object.entries(specs)) {
      given[name] = core.getInput(name);
      if (spec.type === 'secret' && given[name]) core.setSecret(given[name]);
    }
    const workspace = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
    const service = given['service'] || '.';
    const folder = isAbsolute(service) ? service : resolve(workspace, service);
    if (given['record']) await takeRecord(folder, given['record']);
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
    const { GITHUB_REF: ref, GITHUB_SHA: commit, GITHUB_WORKFLOW_REF: workflow } = process.env;
    const runtime: Runtime = {
      folder,
      log: actionLog(file => relative(workspace, resolve(folder, file)).split(sep).join('/')),
      signal,
      now: () => new Date(),
      environment: process.env,
      inputName: input => `Input ${input}`,
      commit,
      // the stage that begins the delivery writes it into the record
      ...(stage.name === 'prepare' && { gitFacts: await gitFacts(folder, commit) }),
      ...(server && repository && run ? { run: `${server}/${repository}/actions/runs/${run}` } : {}),
      ...(server && repository && ref && commit
        ? {
            origin: {
              ...{ repository: `${server}/${repository}`, ref, commit },
              ...(workflow ? { workflow: `${server}/${workflow}` } : {}),
            },
          }
        : {}),
    };
    try {
      await publish(await runStage(stage, given, runtime), folder);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      process.exitCode = 130;
      core.error(error.message);
    }
  });
}

/** The record of an earlier job comes as text, since jobs share no disk. */
async function takeRecord(folder: string, text: string): Promise<void> {
  const theirs = parseRecord(text, 'input record');
  const ours = await readRecord(folder);
  await writeRecord(folder, ours ? mergeRecords(ours, theirs) : theirs);
}

async function publish(outcome: StageOutcome, folder: string): Promise<void> {
  const { entry } = outcome;
  for (const [name, value] of Object.entries(entry.outputs)) core.setOutput(name, value);
  core.setOutput('verdict', outcome.unchanged ? 'skipped' : entry.verdict);
  core.setOutput('reason', outcome.unchanged ? outcome.why : entry.reason);
  const record = await readRecord(folder);
  if (record) core.setOutput('record', JSON.stringify(record));
  if (process.env['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(truncateSummary(outcomeSummary(outcome))).write();
  if (entry.verdict === 'fail' || entry.verdict === 'inconclusive') {
    core.setFailed(outcome.fault?.stack ?? `${outcome.stage}: ${entry.verdict}: ${entry.reason}`);
  } else {
    core.info(
      `${outcome.stage}: ${outcome.unchanged ? `skipped: ${outcome.why}` : `${entry.verdict}: ${entry.reason}`}`,
    );
  }
}

/** @param placeOf where a file is in the repository: annotations count from its root, and a service may have a folder of its own */
function actionLog(placeOf: (file: string) => string): Log {
  const shown = { error: 0, warning: 0, notice: 0 };
  let progress = '';
  const worthALine = withoutCounting(line => {
    core.info(line);
    progress = line;
  }, 1000);
  return {
    info: message => core.info(message),
    warning: message => core.warning(message),
    annotate(level, message, at) {
      shown[level] += 1;
      if (shown[level] > annotationLimit) {
        core.info(`${level}: ${at ? `${at.file}:${at.line ?? 1}: ` : ''}${message}`);
        return;
      }
      core[level](message, at ? { file: placeOf(at.file), startLine: at.line, startColumn: at.column } : undefined);
    },
    progress(message) {
      if (message !== progress) worthALine(message);
    },
  };
}
