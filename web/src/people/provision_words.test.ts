import { describe, expect, it } from 'vitest';
import { dhcpSnippets } from './provision_words';

describe('lines for DHCP servers', () => {
  it('carry the address as option 66', () => {
    for (const [, line] of dhcpSnippets('http://192.168.1.5:8080/prov/3f/')) expect(line).toContain('"http://192.168.1.5:8080/prov/3f/"');
  });
});
