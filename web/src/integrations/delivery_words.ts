import type { Delivery } from '../api/types';

/** The colour of a delivery's state. */
export function kindOfState(state: Delivery['state']): 'good' | 'warn' | 'bad' {
  if (state === 'delivered') return 'good';
  return state === 'waiting' ? 'warn' : 'bad';
}

/** JSON with its lines apart; anything else as it is. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** A new key of Standard Webhooks: "whsec_" and the base64 of 32 random bytes. */
export function freshSigningKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
