// Three languages, complete: the same keys, each plural form that a language has, nothing left in
// English by mistake, and the same places for values.
import { describe, expect, it } from 'vitest';
import en from './en.json';
import es from './es.json';
import pl from './pl.json';

type Texts = Record<string, Record<string, string>>;
const kForms: Record<string, string[]> = { en: ['one', 'other'], pl: ['one', 'few', 'many', 'other'], es: ['one', 'many', 'other'] };
const kAll: Record<string, Texts> = { en, pl, es };
const kPlural = /_(zero|one|two|few|many|other)$/;

function flat(texts: Texts): Map<string, string> {
  return new Map(Object.entries(texts).flatMap(([area, keys]) => Object.entries(keys).map(([key, text]) => [`${area}.${key}`, text] as const)));
}
const stems = (texts: Texts) => new Set([...flat(texts).keys()].map((key) => key.replace(kPlural, '')));

// The same word in both languages.
const kSame = new Set([
  'pl: page.system', 'pl: search.page', 'pl: groups.plan', 'es: groups.plan', 'pl: setup.step3', 'es: setup.step3',
  'pl: people.pin', 'es: people.pin', 'pl: login.name', 'pl: role.administrator', 'es: destination.sip',
  'es: result.failed', 'es: chain.then', 'pl: people.tab_rules', 'pl: group.urlNote',
]);

describe('languages', () => {
  it('have equal sets of keys', () => {
    for (const texts of [pl, es]) expect([...stems(texts)].sort()).toEqual([...stems(en)].sort());
  });

  it('have each plural form of the language, and no other', () => {
    for (const [language, texts] of Object.entries(kAll)) {
      const found = new Map<string, string[]>();
      for (const key of flat(texts).keys()) {
        const form = kPlural.exec(key)?.[1];
        const stem = key.replace(kPlural, '');
        if (form && flat(texts).has(`${stem}_other`)) found.set(stem, [...(found.get(stem) ?? []), form]);
      }
      for (const [stem, forms] of found) expect([stem, forms.sort()]).toEqual([stem, [...(kForms[language] ?? [])].sort()]);
    }
  });

  it('have no text that is still English', () => {
    const english = flat(en);
    const same: string[] = [];
    for (const [language, texts] of Object.entries({ pl, es }))
      for (const [key, text] of flat(texts))
        if (english.get(key) === text && !kSame.has(`${language}: ${key}`)) same.push(`${language}: ${key} = ${text}`);
    expect(same).toEqual([]);
  });

  it('name the same values', () => {
    const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1] ?? '').sort();
    const english = flat(en);
    for (const texts of [pl, es])
      for (const [key, text] of flat(texts)) {
        const own = english.get(key) ?? english.get(key.replace(kPlural, '_other')) ?? '';
        expect([key, values(text)]).toEqual([key, values(own)]);
      }
  });
});
