import { runAction } from '@fairway/stage/github';
import { remediate } from './stage.ts';

await runAction(remediate);
