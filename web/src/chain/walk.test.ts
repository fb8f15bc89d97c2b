import { describe, expect, it } from 'vitest';
import type { ChainRow } from '../api/types';
import { walks } from './walk';

const row = (sip: string, next: string, service = '1', start = '1'): ChainRow => ({ id: sip, revision: 1, sip_number: sip, next_number: next, service_number: service, start_number: start });

describe('a chain that is walked', () => {
  it('ends at zeros, at 1 and at nothing', () => {
    for (const end of ['0000', '00000000', '1', ''])
      expect(walks([row('a', 'b', '800'), row('b', end)])).toEqual([{ service: '800', members: ['a', 'b'], loopsTo: undefined, missing: undefined }]);
  });

  it('starts where the start number says, and says where it loops', () => {
    expect(walks([row('a', 'b', '800', 'b'), row('b', 'c'), row('c', 'b')])).toEqual([{ service: '800', members: ['b', 'c'], loopsTo: 0, missing: undefined }]);
  });

  it('names the number that is not there', () => {
    expect(walks([row('a', 'x', '800')])[0]?.missing).toBe('x');
  });
});
