import { runAction } from '@fairway/stage/github';
import { build } from './stage.ts';

await runAction(build);
