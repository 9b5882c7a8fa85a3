export { StatementSigner, keyName, keyOfPem } from './sign.ts';
export type { SigningIdentity, SigningKey } from './sign.ts';
export { bundleType, predicateTypes } from './statement.ts';
export type { SignedStatement, Statement } from './statement.ts';
export { UntrustedSignature, verifiedStatement } from './verify.ts';
export type { Trust } from './verify.ts';
export { trustOf } from './trust.ts';
export { trustedStatements } from './trusted-statements.ts';
export type { SignedStatements } from './trusted-statements.ts';
