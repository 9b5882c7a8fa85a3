import { makeValidator } from '@backstage/catalog-model';
import { english, reasonOf, type Reason } from '@fairway/service/reasons/reason';
import { ownerReference } from './owner-reference.ts';
import type { CodedReason } from './reason.ts';

const { isValidEntityName } = makeValidator();

/** Whether an entity of the catalog can have this name: letters, digits, "-", "_" and ".", 63 of them at most. @public */
export function isEntityName(name: string): boolean {
  return isValidEntityName(name);
}

/** What of a service goes into the catalog. @public */
export interface CatalogFields {
  /** As in fairway.yaml. */
  readonly owner: string;
  readonly system?: string;
}

/** What of a service the catalog cannot show, one sentence each; it shows the service without that. @public */
export function catalogProblems(fields: CatalogFields): string[] {
  return problemsOf(fields).map(english);
}

/** The same for readers of other languages. @public */
export function codedCatalogProblems(fields: CatalogFields): CodedReason[] {
  return problemsOf(fields).map(problem => ({ ...problem }));
}

function problemsOf({ owner, system }: CatalogFields): Reason[] {
  return [
    ...(ownerReference(owner) === undefined ? [reasonOf('catalog.owner', { owner: quoted(owner) })] : []),
    ...(system !== undefined && !isEntityName(system) ? [reasonOf('catalog.system', { system: quoted(system) })] : []),
  ];
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
