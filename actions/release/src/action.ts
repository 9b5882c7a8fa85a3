import { runAction } from '@fairway/stage/github';
import { release } from './stage.ts';

await runAction(release);
