import { describe, expect, it } from 'vitest';
import after from '../../../src/model/routing_after.cc?raw';
import routing from '../../../src/model/routing.cc?raw';
import ofUser from '../../../src/model/routing_user.cc?raw';
import en from '../i18n/en.json';
import { kReasons, readReason } from './reasons';

/** Texts in C++ that stand in calls of say() and refuse(), or are given back as a reason. */
function sentencesOf(file: string): string[] {
  const source = file.replace(/^\s*\/\/.*$/gm, '');
  const found: string[] = [];
  for (const call of source.matchAll(/\b(?:say|refuse|return)\s*\(?((?:"(?:[^"\\]|\\.)*"|[^;"])*);/g))
    for (const text of (call[1] ?? '').matchAll(/"((?:[^"\\]|\\.)*)"/g)) found.push(text[1] ?? '');
  return found;
}

// A setting ("users/", "/enabled") or a code ("not_permitted") is no sentence.
const isSentence = (text: string) => / /.test(text.trim()) || /^[a-z'-]+ $|^ [a-z]/.test(text);

describe('reasons', () => {
  it('are known, each that the server may give', () => {
    const all = kReasons.map(([, sentence]) => sentence).join('\n');
    const found = [routing, ofUser, after].flatMap(sentencesOf);
    expect(found.length).toBeGreaterThan(60);
    const unknown = found
      .filter((text) => isSentence(text) && !all.includes(text.trim()));
    expect(unknown).toEqual([]);
  });

  it('are the English texts, in the order of their own words', () => {
    for (const [key, sentence] of kReasons)
      expect([key, en.reason[key]]).toEqual([key, sentence.replace(/\{(\w+)\}/g, '{{$1}}')]);
    for (const [key, sentence] of kReasons)
      expect([key, readReason(sentence.replace(/\{(\w+)\}/g, 'X'))?.key]).toEqual([key, key]);
  });

  it('give their values', () => {
    expect(readReason('group Sales "North" forwards to 102')).toEqual({ key: 'groupForwards', values: { group: 'Sales "North"', to: '102' } });
    expect(readReason('schedule business is closed (holiday: Easter Monday)')).toEqual({
      key: 'scheduleClosed',
      values: { schedule: 'business', why: 'holiday: Easter Monday' },
    });
    expect(readReason('Mo-Fr 08:00-16:00')).toBeUndefined();
  });
});
