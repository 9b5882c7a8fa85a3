import { runAction } from '@fairway/stage/github';
import { prepare } from './stage.ts';

await runAction(prepare);
