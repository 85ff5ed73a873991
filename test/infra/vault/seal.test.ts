import { describe, expect, it } from 'vitest';
import { open, seal } from '#infra/vault/seal.ts';

const key = Buffer.alloc(32, 1);
const OWNER = 'github/slack:U0ADA/7';

describe('what is sealed', () => {
  it('opens with its key, for its owner, and shows nothing of itself', () => {
    const sealed = seal(key, OWNER, 'ghu_secret 🔑');
    expect(open(key, OWNER, sealed)).toBe('ghu_secret 🔑');
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('ghu_secret');
  });

  it('is never twice the same', () => {
    expect(seal(key, OWNER, 'same')).not.toBe(seal(key, OWNER, 'same'));
  });

  it('opens with no other key, and for nobody else', () => {
    const sealed = seal(key, OWNER, 'ghu_secret');
    expect(open(Buffer.alloc(32, 2), OWNER, sealed)).toBeNull();
    expect(open(key, 'github/slack:U0MALLORY/7', sealed)).toBeNull();
  });

  it('does not open when any byte of it was changed, or some are missing', () => {
    const bytes = Buffer.from(seal(key, OWNER, 'ghu_secret'), 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(open(key, OWNER, changed.toString('base64')), `byte ${at}`).toBeNull();
    }
    expect(open(key, OWNER, bytes.subarray(0, 28).toString('base64'))).toBeNull();
    expect(open(key, OWNER, bytes.subarray(0, -1).toString('base64'))).toBeNull();
    expect(open(key, OWNER, '')).toBeNull();
  });
});
