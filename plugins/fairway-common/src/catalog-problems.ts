import { makeValidator } from '@backstage/catalog-model';
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
export function catalogProblems({ owner, system }: CatalogFields): string[] {
  return [
    ...(ownerReference(owner) === undefined
      ? [
          `The owner ${quoted(owner)} is no entity reference, so the catalog shows the service under an unknown owner. Write owner in fairway.yaml as a name such as team-hello, or as group:default/team-hello, and deliver again.`,
        ]
      : []),
    ...(system !== undefined && !isEntityName(system)
      ? [
          `The system ${quoted(system)} is no name of an entity, so the catalog shows the service without one. Write system in fairway.yaml with letters, digits and -, 63 at most, and deliver again.`,
        ]
      : []),
  ];
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
