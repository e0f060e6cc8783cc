/**
 * Appends events to an audit log until it is killed, and prints `<index> <number>` for each that was acknowledged.
 *
 *     node --import tsx tests/support/audit-writer.ts <storage dir> <first number> <entries a burst>
 */
import { join } from 'node:path';
import { openAuditKey } from '../../src/record/log/audit-key.js';
import { AuditLog } from '../../src/record/log/audit-log.js';

const [dir = '.', first = '0', burst = '1'] = process.argv.slice(2);
const key = await openAuditKey(join(dir, 'keys'), { origin: 'example.org/site' });
const log = await AuditLog.open(join(dir, 'audit'), { key });
for (let next = Number(first); ; next += Number(burst)) {
  await Promise.all(
    Array.from({ length: Number(burst) }, async (_, i) => {
      const event = { kind: 'stop', actor: 'test', data: { reason: String(next + i) } } as const;
      const { index } = await log.append(event);
      process.stdout.write(`${index} ${next + i}\n`);
    }),
  );
}
