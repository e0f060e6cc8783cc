import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { clientKey, isLocalClient, isLoopbackAddress } from './client-address.js';

describe('isLoopbackAddress', () => {
  it.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])('knows %s as this machine', (address) => {
    expect(isLoopbackAddress(address)).toBe(true);
  });

  it.each(['10.0.0.1', '128.0.0.1', '0.0.0.0', '::', '::2', '::ffff:10.0.0.1', 'fe80::1', '', 'localhost', undefined])(
    'takes %s for somebody else',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(false);
    },
  );
});

describe('isLocalClient', () => {
  const message = (remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage =>
    ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;

  it('is whoever connects from this machine', () => {
    expect(isLocalClient(message('127.0.0.1'))).toBe(true);
    expect(isLocalClient(message('192.168.1.9'))).toBe(false);
  });

  it.each(['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'])(
    'is nobody for whom a proxy speaks: %s',
    (name) => {
      expect(isLocalClient(message('127.0.0.1', { [name]: '127.0.0.1' }))).toBe(false);
    },
  );
});

describe('clientKey', () => {
  it('tells IPv4 clients apart by their address, however it is written', () => {
    expect(clientKey('10.0.0.1')).toBe('10.0.0.1');
    expect(clientKey('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(clientKey('10.0.0.2')).not.toBe(clientKey('10.0.0.1'));
  });

  it('takes a whole IPv6 network for one client', () => {
    expect(clientKey('2001:db8:1:2:3::4')).toBe('2001:db8:1:2::/64');
    expect(clientKey('2001:db8:1:2:ffff::1')).toBe('2001:db8:1:2::/64');
    expect(clientKey('2001:db8:1:3::1')).not.toBe('2001:db8:1:2::/64');
  });

  it('has a name for a peer that is gone', () => {
    expect(clientKey(undefined)).toBe('unknown');
  });
});
