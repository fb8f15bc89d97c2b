// What will work, but perhaps not as meant: said while it is being written, in the page's language.
import { useTranslation } from 'react-i18next';
import type { Finding } from '../api/problem';
import type { Group } from '../api/types';
import { isParallel, kTimeout, limitOf, nameOf, planOf } from './plan';

// Many carriers end a call that nobody has answered by then.
const kCarriersGiveUp = 180;

export function useWarnings(group: Group | undefined, name: (target: string) => string): Finding[] {
  const { t } = useTranslation();
  if (!group) return [];
  const found: Finding[] = [];
  const say = (detail: string) => found.push({ severity: 'warning', detail });
  const plan = planOf(group);
  const length = limitOf(group) ?? (group.repeat === 'forever' ? undefined : plan.total * group.repeat);
  if (length !== undefined && length > kCarriersGiveUp && group.numbers.length > 0)
    say(t('warn.long', { count: length }));
  for (const bar of plan.bars) {
    const who = name(nameOf(bar.member));
    if (bar.end <= bar.start && group.strategy === 'staggered')
      say(t('warn.afterTheEnd', { name: who, start: bar.start, end: group.timeout ?? kTimeout }));
    if (/^\+/.test(nameOf(bar.member)) && (bar.member.confirm ?? group.confirm) === 'never')
      say(t('warn.noConfirm', { name: who }));
  }
  if (!isParallel(group.strategy) && group.strategy !== 'stages' && group.timeout !== undefined && group.timeout < plan.total)
    say(t('warn.cut', { count: group.timeout, total: plan.total }));
  if (group.extensions.length + group.numbers.length === 0) say(t('warn.noNumber'));
  return found;
}
