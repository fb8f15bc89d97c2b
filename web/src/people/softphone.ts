// An account as softphones read it from a QR code: the XML that Grandstream Wave takes, and others
// after it.

export interface SoftphoneAccount {
  domain: string;
  server: string; // host:port that the phone sends to
  username: string;
  password: string;
  name: string;
}

const kEscapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => kEscapes[letter] ?? letter);

export function waveAccount({ domain, server, username, password, name }: SoftphoneAccount): string {
  const fields = {
    RegisterServer: domain,
    OutboundServer: server,
    UserID: username,
    AuthID: username,
    AuthPass: password,
    AccountName: name,
    DisplayName: name,
    Dialplan: '{x+|+x+|*x+|*++}',
    RandomPort: '0',
    SecOutboundServer: '',
    Voicemail: '',
  };
  const inside = Object.entries(fields).map(([key, value]) => `<${key}>${escaped(value)}</${key}>`);
  return `<?xml version="1.0" encoding="utf-8"?><AccountConfig version="1"><Account>${inside.join('')}</Account></AccountConfig>`;
}
