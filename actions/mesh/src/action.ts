import { runAction } from '@fairway/stage/github';
import { mesh } from './stage.ts';

await runAction(mesh);
