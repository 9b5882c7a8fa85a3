export * from './verdict.ts';
export * from './inputs.ts';
export * from './stage.ts';
export * from './record.ts';
