import { runAction } from '@fairway/stage/github';
import { push } from './stage.ts';

await runAction(push);
