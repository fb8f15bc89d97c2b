import i18n from 'i18next';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pl from '../i18n/pl.json';
import { problemInWords } from './words';

const document = {
  status: 422,
  title: 'Unprocessable Content',
  detail: 'the body has errors',
  errors: [
    { code: 'no_such_thing', pointer: '/members/0', detail: 'there is no user "199"' },
    { code: 'never_heard_of', pointer: '', detail: 'as the server says' },
  ],
};

describe('what the server says', () => {
  beforeAll(async () => {
    await i18n.init({ lng: 'pl', resources: { pl: { translation: pl }, en: { translation: {} } }, interpolation: { escapeValue: false } });
  });
  afterAll(() => i18n.changeLanguage('en'));

  it('is said in the language of the page by its codes, with what is quoted', () => {
    const said = problemInWords(document);
    expect(said.detail).toBe(pl.problem.s422);
    expect(said.errors?.map((one) => one.detail)).toEqual([`${pl.finding.no_such_thing} (199)`, 'as the server says']);
  });
  it('stays as it is in English', async () => {
    await i18n.changeLanguage('en');
    expect(problemInWords(document)).toBe(document);
  });
});
