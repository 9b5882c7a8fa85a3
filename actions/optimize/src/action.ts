import { runAction } from '@fairway/stage/github';
import { optimize } from './stage.ts';

await runAction(optimize);
