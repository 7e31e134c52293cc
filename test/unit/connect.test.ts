import { describe, expect, it } from 'vitest';
import { connectPatiently } from '../../workers/connect.ts';

describe('a process that starts with its server', () => {
  it('tries again until somebody answers, and says once that nobody did', async () => {
    let tries = 0;
    let told = 0;
    const connect = async () => {
      tries += 1;
      if (tries < 3) throw new Error('dns error');
      return 'there';
    };
    expect(await connectPatiently(connect, () => (told += 1))).toBe('there');
    expect([tries, told]).toEqual([3, 1]);
  });

  it('gives up with what the last attempt said', async () => {
    const connect = () => Promise.reject(new Error('dns error'));
    await expect(connectPatiently(connect, () => undefined, 0)).rejects.toThrow('dns error');
  });
});
