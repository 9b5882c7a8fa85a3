export * from './verdict.ts';
export * from './inputs.ts';
export * from './stage.ts';
export * from './record.ts';
export * from './record-file.ts';
export * from './resolve-inputs.ts';
export * from './run-stage.ts';
export * from './common.ts';
