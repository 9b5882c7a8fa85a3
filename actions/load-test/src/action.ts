import { runAction } from '@fairway/stage/github';
import { loadTest } from './stage.ts';

await runAction(loadTest);
