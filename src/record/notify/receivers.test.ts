import { expect, it } from 'vitest';
import { SILENT_LOGGER } from '../../rtsp/logger.js';
import { BookOnTrial, sighting } from '../alerts/alert-book.fixture.js';
import type { AuditEvent } from '../log/event.js';
import { describeStores } from '../store/store.fixture.js';
import { noteReceivers, untoldEvents } from './receivers.js';

describeStores('receivers that the site file drops', (makeStore) => {
  it('are in the log once, with what they were not told of, and again when they are back', async () => {
    await using made = await makeStore();
    const { store } = made;
    const { book } = new BookOnTrial(store);
    await book.raise(sighting({ cause: 'told' }));
    const seq = await book.lastSeq();
    await store.run((db) =>
      db
        .insertInto('deliveries')
        .values([
          { receiver: 'webhook:guard', seq },
          { receiver: 'mqtt', seq },
        ])
        .execute(),
    );
    for (const cause of ['a', 'b', 'c']) await book.raise(sighting({ cause }));
    const said: AuditEvent['data'][] = [];
    let failure: Error | null = null;
    const journal = {
      record: async ({ data }: AuditEvent) => {
        if (failure) throw failure;
        said.push(data);
      },
    };
    const note = (...receivers: string[]) => noteReceivers({ store, journal, logger: SILENT_LOGGER }, receivers, 1);

    await note('mqtt', 'webhook:guard');
    expect(said).toEqual([]);
    failure = new Error('no room for the log');
    await expect(note('mqtt')).rejects.toThrow('no room');
    failure = null;
    await note('mqtt');
    await note('mqtt');
    expect(said).toEqual([{ receiver: 'webhook:guard', step: 'dropped', untold: 3 }]);
    expect(await untoldEvents(store)).toEqual([
      { receiver: 'mqtt', events: 3, isDropped: false },
      { receiver: 'webhook:guard', events: 3, isDropped: true },
    ]);
    await book.raise(sighting({ cause: 'd' }));
    await note('mqtt', 'webhook:guard');
    await note('mqtt', 'webhook:guard');
    expect(said.slice(1)).toEqual([{ receiver: 'webhook:guard', step: 'back', untold: 4 }]);
  });
});
