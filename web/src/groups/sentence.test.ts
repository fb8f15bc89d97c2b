import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import en from '../i18n/en.json';
import es from '../i18n/es.json';
import pl from '../i18n/pl.json';
import { formatOf } from '../i18n/format';
import type { PlanPart } from './plan';
import { saidOfGroup, sentence } from './sentence';

const names: Record<string, string> = { '101': 'Alice', '102': 'Bob', '103': 'Cora' };
const part = (changes: Partial<PlanPart>): PlanPart => ({ strategy: 'ring_all', repeat: 1, members: [], stages: [], ...changes });

async function say(language: string, group: PlanPart, end = {}): Promise<string> {
  await i18next.changeLanguage(language);
  const words = { t: i18next.t, name: (target: string) => names[target] ?? target, list: formatOf(language).list };
  return sentence(words, saidOfGroup({ ...group, finally: end }), group.strategy);
}

beforeAll(() =>
  i18next.init({
    lng: 'en',
    resources: { en: { translation: en }, pl: { translation: pl }, es: { translation: es } },
    interpolation: { escapeValue: false },
  }),
);

describe('the plan as a sentence', () => {
  const staggered = part({ strategy: 'staggered', timeout: 30, members: [{ ring: '101' }, { ring: '102', after: 6 }, { ring: '103', after: 10 }] });

  it('says a staggered group in three languages', async () => {
    expect(await say('en', staggered)).toBe('Alice rings at once; after 6 s also Bob; after 10 s also Cora; until 30 s. If nobody answers: the call ends.');
    expect(await say('pl', staggered)).toBe('Od razu dzwoni Alice; po 6 s także Bob; po 10 s także Cora; do 30 s. Gdy nikt nie odbierze: rozmowa się kończy.');
    expect(await say('es', staggered)).toBe('Suena Alice enseguida; a los 6 s también Bob; a los 10 s también Cora; hasta los 30 s. Si nadie contesta: la llamada termina.');
  });

  it('says one after another again and again', async () => {
    const group = part({ strategy: 'sequential', repeat: 'forever', members: [{ ring: '101', for: 10 }, { ring: '102', for: 15 }] });

    expect(await say('en', group, { mailbox: 'general' })).toBe(
      'Alice rings for 10 s, then Bob rings for 15 s, again and again until somebody answers. If nobody answers: the mailbox general.',
    );
  });

  it('counts people in Polish', async () => {
    const group = part({ members: [{ ring: '101' }, { ring: '102' }] });

    expect(await say('pl', group)).toBe('Dzwonią razem Alice i Bob przez 30 s. Gdy nikt nie odbierze: rozmowa się kończy.');
  });

  it('brings forward who would ring into silence', () => {
    const group = part({ strategy: 'staggered', timeout: 30, members: [{ ring: '101', for: 5 }, { ring: '102', after: 10 }] });

    expect(saidOfGroup({ ...group, finally: {} }).stages[0]?.rings).toEqual([
      { target: '101', after: 0, for: 5 },
      { target: '102', after: 5, for: 25 },
    ]);
  });

  it('says that nobody rings', async () => {
    expect(await say('en', part({}))).toBe('Nobody rings: the call ends.');
  });
});
