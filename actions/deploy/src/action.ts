import { runAction } from '@fairway/stage/github';
import { deploy } from './stage.ts';

await runAction(deploy);
