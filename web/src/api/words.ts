// What the server says is English. Where the page speaks another language, its codes are said in that
// one, with the name that the server quotes; what has no code keeps the server's words.
import i18n from 'i18next';
import type { Finding, ProblemDocument } from './problem';

const quoted = (text: string): string => /"([^"]+)"/.exec(text)?.[1] ?? '';

const isEnglish = () => !i18n.language || i18n.language.startsWith('en');

export function findingInWords<F extends Finding>(finding: F): F {
  const key = `finding.${finding.code ?? ''}`;
  if (isEnglish() || !i18n.exists(key)) return finding;
  const what = quoted(finding.detail ?? '');
  const text = String(i18n.t(key as never));
  return { ...finding, detail: what ? `${text} (${what})` : text };
}

export function problemInWords(document: ProblemDocument): ProblemDocument {
  if (isEnglish()) return document;
  const key = `problem.s${document.status}`;
  return {
    ...document,
    ...(document.errors && { errors: document.errors.map(findingInWords) }),
    ...(i18n.exists(key) && { detail: String(i18n.t(key as never)) }),
  };
}
