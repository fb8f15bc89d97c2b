// Numbers, times and lists as the page's language writes them.
import { useTranslation } from 'react-i18next';
import { useMemo } from 'react';

export interface Format {
  time(at: string | number): string;
  moment(at: string | number): string;
  day(at: string | number): string;
  length(ms: number): string;
  number(value: number): string;
  number1(value: number): string;
  number2(value: number): string;
  /** Always three digits behind the point. */
  number3(value: number): string;
  percent(share: number): string;
  percent1(share: number): string;
  list(words: string[]): string;
}

export function formatOf(language: string): Format {
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium' });
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent' });
  const number1 = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const number2 = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const number3 = new Intl.NumberFormat(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  const percent1 = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  const safely = (format: Intl.DateTimeFormat) => (at: string | number) => {
    const date = new Date(at);
    return Number.isNaN(date.getTime()) ? String(at) : format.format(date);
  };
  return {
    time: safely(time),
    moment: safely(moment),
    day: safely(day),
    length: lengthText,
    number: (value) => number.format(value),
    number1: (value) => number1.format(value),
    number2: (value) => number2.format(value),
    number3: (value) => number3.format(value),
    percent: (share) => percent.format(share),
    percent1: (share) => percent1.format(share),
    list: (words) => list.format(words),
  };
}

/** 75400 -> "1:15"; 3661000 -> "1:01:01". */
export function lengthText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${hours ? two(Math.floor(seconds / 60) % 60) : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

export function useFormat(): Format {
  const { i18n } = useTranslation();
  return useMemo(() => formatOf(i18n.language), [i18n.language]);
}
