/** A thread of its own for the SQLite file: a slow disk must not hold up pictures. Started by `sqlite-dialect.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { serveSqlite } from './sqlite-service.js';

serveSqlite(workerData as string, parentPort!);
