import { parse } from 'yaml';
import { revisionLabel, routeNames } from '@fairway/clients/kubernetes/names';
import { sharesOf } from '@fairway/clients/kubernetes/traffic';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import { engineImage } from '@fairway/clients/kubernetes/workload';
import type { Deployment } from '@fairway/clients/kubernetes/workload';

/** What a delivery is about, for whoever reviews it. */
export interface Described {
  readonly name: string;
  readonly namespace: string;
  readonly environment: string | undefined;
  readonly run?: string;
}

type Texts = ReadonlyMap<string, string | undefined>;

const workload = /^versions\/[^/]+\/deploy\/(deployment|rollout|leaderworkerset)\./;

/** The files of a folder that say which versions there are, and how many users each has. */
export function versionFiles(files: Iterable<string>, service: string): readonly string[] {
  return [...files].filter(file => workload.test(file) || isRoute(file, service));
}

/**
 * The text of a pull request: what of the versions changes, in Markdown.
 * @param before the files that say it, as they are
 * @param change the files that are written, and those that go
 */
export function proposalText(
  { name, namespace, environment, run }: Described,
  before: ReadonlyMap<string, string>,
  change: Texts,
): string {
  const after: Texts = new Map([...before, ...change]);
  const [old, now] = [versionsOf(before, name), versionsOf(after, name)];
  const rows = [...new Set([...now.keys(), ...old.keys()])].map(revision => {
    const image = (now.get(revision) ?? old.get(revision))?.image ?? '';
    const cells = [code(revision), code(image), shown(old.get(revision)), shown(now.get(revision))];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `What ${code(`${namespace}/${name}`)}${environment ? ` in ${code(environment)}` : ''} needs in the cluster. ${run ? `[The delivery](${run})` : 'A delivery'} goes on when the cluster has it.`,
    '',
    '| version | image | before | after |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'Shares of users are those that the cluster had when this was written; a release moves them there. The next stage or delivery writes this branch anew: make changes in `fairway.yaml`, not here.',
    '',
  ].join('\n');
}

interface Version {
  readonly image: string;
  readonly share: number;
}

function versionsOf(files: Texts, service: string): ReadonlyMap<string, Version> {
  const read = (file: string) => parse(files.get(file) ?? '') as unknown;
  const there = versionFiles(files.keys(), service).filter(file => files.get(file) !== undefined);
  const route = there.find(file => isRoute(file, service));
  const shares = sharesOf(route === undefined ? undefined : (read(route) as HttpRoute), service);
  return new Map(
    there
      .filter(file => workload.test(file))
      .map(file => {
        const object = read(file) as Deployment;
        const revision = object.metadata.labels?.[revisionLabel] ?? '';
        return [revision, { image: engineImage(object) ?? '', share: shares.get(revision) ?? 0 }];
      }),
  );
}

function isRoute(file: string, service: string): boolean {
  return file.startsWith('mesh/httproute.') && file.endsWith(`.${routeNames(service).chat}.yaml`);
}

function shown(version: Version | undefined): string {
  if (!version) return 'not there';
  return version.share === 0 ? 'no users' : `${version.share} % of users`;
}

/** Of a name that has no backquote. */
function code(text: string): string {
  return `\`${text.replaceAll(/[`|\s]/g, ' ')}\``;
}
