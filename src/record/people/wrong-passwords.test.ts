import { expect, it } from 'vitest';
import { describeStores } from '../store/store.fixture.js';
import { LOCK_OUT_MS, MAX_WRONG_BY_CLIENT, MAX_WRONG_PASSWORDS, WrongPasswords } from './wrong-passwords.js';

describeStores('wrong passwords', (makeStore) => {
  it('lock a name from everywhere until their time is over, also after a restart, and never another name', async () => {
    await using made = await makeStore();
    let now = Date.UTC(2026, 0, 1);
    const counting = () => new WrongPasswords({ store: made.store, now: () => new Date(now) });
    const first = counting();
    const tries = await Promise.all(
      Array.from({ length: MAX_WRONG_PASSWORDS }, (_, n) => first.count('li.wei', `198.51.100.${n}`)),
    );
    expect(tries).toEqual(tries.map(() => null));
    now += 60_000;
    expect(await counting().count('li.wei', '203.0.113.1')).toBe(LOCK_OUT_MS - 60_000);
    expect(await counting().count('wang.fang', '203.0.113.1')).toBe(null);
    now += LOCK_OUT_MS - 60_000;
    expect(await counting().count('li.wei', '203.0.113.1')).toBe(null);
  });

  it('lock a client out of all names, and right ones do not', async () => {
    await using made = await makeStore();
    const wrong = new WrongPasswords({ store: made.store, now: () => new Date(0) });
    for (let n = 0; n < 3 * MAX_WRONG_BY_CLIENT; n++) {
      expect(await wrong.count('li.wei', '198.51.100.1')).toBe(null);
      await wrong.forgive('li.wei', '198.51.100.1');
    }
    for (let n = 0; n < MAX_WRONG_BY_CLIENT; n++) await wrong.count(`nobody-${n}`, '198.51.100.1');
    expect(await wrong.count('li.wei', '198.51.100.1')).toBe(LOCK_OUT_MS);
    expect(await wrong.count('li.wei', '198.51.100.2')).toBe(null);
  });
});
