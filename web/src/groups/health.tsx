// Whether a member could ring now, in a word and a colour.
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { MemberHealth } from '../api/types';
import { useWhy } from '../i18n/why';
import { Tag } from '../parts/states';

/** The page on which a setting of the API is changed: "users/101/do_not_disturb". */
export function pageOfSetting(setting: string): string | undefined {
  const [kind, id] = setting.split('/');
  if (!id) return undefined;
  if (kind === 'users') return `/people/${encodeURIComponent(id)}`;
  if (kind === 'groups') return `/groups/${encodeURIComponent(id)}`;
  if (kind === 'trunks') return `/trunks/${encodeURIComponent(id)}`;
  if (kind === 'queues') return `/queues/${encodeURIComponent(id)}`;
  if (kind === 'ivrs') return `/menus/${encodeURIComponent(id)}`;
  if (kind === 'mailboxes') return `/mailboxes/${encodeURIComponent(id)}`;
  if (kind === 'chain') return `/chain/${encodeURIComponent(id)}`;
  if (kind === 'schedules' || kind === 'flags') return '/hours';
  if (kind === 'numbers') return '/numbers';
  if (kind === 'webhooks') return `/integrations/${encodeURIComponent(id)}`;
  return undefined;
}

export function HealthTag({ health }: { health: MemberHealth | undefined }) {
  const { t } = useTranslation();
  const why = useWhy();
  if (!health) return null;
  if (health.can_ring)
    return (
      <Tag kind="good">
        {health.kind === 'user' ? t('health.devices', { count: health.devices }) : t('health.canRing')}
        {health.forwards ? ` · ${t('health.forwards')}` : ''}
      </Tag>
    );
  const page = pageOfSetting(health.setting);
  const tag = <Tag kind={health.why === 'in_a_call' ? 'warn' : 'bad'}>{why(health.why)}</Tag>;
  return page ? <Link href={page}>{tag}</Link> : tag;
}
