// Three languages; only the one that is shown is loaded.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type en from './en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

export const kLanguages = ['en', 'pl', 'es'] as const;
export type Language = (typeof kLanguages)[number];
export const kLanguageNames: Record<Language, string> = { en: 'English', pl: 'Polski', es: 'Español' };
const kKept = 'harrier.language';

const kTexts: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import('./en.json'),
  pl: () => import('./pl.json'),
  es: () => import('./es.json'),
};

export function isLanguage(text: string | null | undefined): text is Language {
  return kLanguages.some((language) => language === text);
}

/** What was chosen here before, else the first of the browser's languages that we speak. */
export function preferredLanguage(): Language {
  const kept = localStorage.getItem(kKept);
  if (isLanguage(kept)) return kept;
  for (const wish of navigator.languages) {
    const short = wish.slice(0, 2).toLowerCase();
    if (isLanguage(short)) return short;
  }
  return 'en';
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return;
  const texts = await kTexts[language]();
  i18next.addResourceBundle(language, 'translation', texts.default);
}

export async function startLanguages(language = preferredLanguage()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
  await changeLanguage(language, false);
}

export async function changeLanguage(language: Language, keep = true): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  if (keep) localStorage.setItem(kKept, language);
}
