export { bringDatabase, databaseNote } from './bring-database.ts';
export type { BringDatabase, Database } from './bring-database.ts';
export { grypePart, vulnerabilityParts } from './parts.ts';
