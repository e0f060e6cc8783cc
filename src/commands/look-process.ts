/** The process of `look-apart.ts`: looks at what its parent sends it, and ends with it. */
import { once } from 'node:events';
import { runLook } from './look.js';
import type { LookOrder } from './look-apart.js';

const orphaned = (): never => process.exit(1);
process.once('disconnect', orphaned);
const [order] = (await once(process, 'message')) as [LookOrder];
const { env, stdout, stderr } = process;
process.exitCode = await runLook({ ...order, env, stdout, stderr });
process.off('disconnect', orphaned);
process.disconnect?.();
