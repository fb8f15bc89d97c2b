/** Phones whose settings the server writes. */
export const kProvisionedKinds = ['yealink', 'grandstream', 'snom', 'linphone'] as const;
export type ProvisionedKind = (typeof kProvisionedKinds)[number];

/** How the usual DHCP servers give the address out as option 66: the server's name, and its line. */
export function dhcpSnippets(url: string): [string, string][] {
  return [
    ['dnsmasq', `dhcp-option=66,"${url}"`],
    ['ISC dhcpd', `option tftp-server-name "${url}";`],
    ['Kea', `{"name": "tftp-server-name", "data": "${url}"}`],
  ];
}
