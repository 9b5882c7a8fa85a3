import { runAction } from '@fairway/stage/github';
import { monitor } from './stage.ts';

await runAction(monitor);
