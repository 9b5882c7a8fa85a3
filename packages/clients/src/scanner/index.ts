export { compareFindings, findingSeverities } from './finding.ts';
export type { Finding, FindingSeverity, ScanReport } from './finding.ts';
export { findDatabase } from './database.ts';
export type { ScannerDatabase } from './database.ts';
export { openScanner } from './trivy.ts';
export type { ScannedImage, Scanner, ScanRequest } from './trivy.ts';
