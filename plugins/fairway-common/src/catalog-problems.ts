import { makeValidator } from '@backstage/catalog-model';
import { english, reasonOf, type Reason } from '@fairway/service/reasons/reason';
import { ownerReference } from './owner-reference.ts';

const { isValidEntityName } = makeValidator();

/** Whether an entity of the catalog can have this name: letters, digits, "-", "_" and ".", 63 of them at most. */
export function isEntityName(name: string): boolean {
  return isValidEntityName(name);
}

export interface CatalogFields {
  /** As in fairway.yaml. */
  readonly owner: string;
  readonly system?: string;
}

/** What of a service the catalog cannot show, one sentence each; it shows the service without that. */
export function catalogProblems(fields: CatalogFields): string[] {
  return codedCatalogProblems(fields).map(english);
}

/** The same for readers of other languages. */
export function codedCatalogProblems({ owner, system }: CatalogFields): Reason[] {
  return [
    ...(ownerReference(owner) === undefined ? [reasonOf('catalog.owner', { owner: quoted(owner) })] : []),
    ...(system !== undefined && !isEntityName(system) ? [reasonOf('catalog.system', { system: quoted(system) })] : []),
  ];
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
