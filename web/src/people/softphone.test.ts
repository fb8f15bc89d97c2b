import { describe, expect, it } from 'vitest';
import { waveAccount } from './softphone';

describe('the account for a softphone', () => {
  it('is XML in which nothing that somebody typed is markup', () => {
    const xml = waveAccount({ domain: 'office.example', server: '192.0.2.1:5060', username: '101', password: 'a<b>&"\'', name: '<Alice>' });
    const read = new DOMParser().parseFromString(xml, 'text/xml');
    const text = (name: string) => read.getElementsByTagName(name)[0]?.textContent;
    expect([text('RegisterServer'), text('OutboundServer'), text('UserID'), text('AuthPass'), text('DisplayName')]).toEqual([
      'office.example', '192.0.2.1:5060', '101', 'a<b>&"\'', '<Alice>',
    ]);
    expect(read.getElementsByTagName('parsererror')).toHaveLength(0);
  });
});
