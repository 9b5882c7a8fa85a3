import { runAction } from '@fairway/stage/github';
import { scan } from './stage.ts';

await runAction(scan);
