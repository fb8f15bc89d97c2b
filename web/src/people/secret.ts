// A SIP password nobody has to remember: 24 letters and digits that cannot be mixed up.
const kLetters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

export function freshSecret(length = 24): string {
  const made: string[] = [];
  while (made.length < length) {
    // Values above the last whole multiple would favour the first letters.
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      if (byte < 256 - (256 % kLetters.length) && made.length < length)
        made.push(kLetters[byte % kLetters.length] ?? 'x');
    }
  }
  return made.join('');
}
