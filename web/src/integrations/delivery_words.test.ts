import { describe, expect, it } from 'vitest';
import { freshSigningKey, readable } from './delivery_words';

describe('what was told to others', () => {
  it('is shown with its lines apart where it is JSON, else as it is', () => {
    expect(readable('{"type":"test"}')).toBe('{\n  "type": "test"\n}');
    expect(readable('')).toBe('');
    expect(readable('<x>')).toBe('<x>');
  });
});

describe('a fresh signing key', () => {
  it('is 32 bytes that are never the same', () => {
    const key = freshSigningKey();
    expect(atob(key.replace(/^whsec_/, ''))).toHaveLength(32);
    expect(freshSigningKey()).not.toBe(key);
  });
});
