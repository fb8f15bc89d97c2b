// What is left to be done on a new server; each line goes when it is done.
import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useValue } from '../api/lists';
import type { Page, Registration, Trunk, User, Group, Schedule } from '../api/types';

export function NextSteps() {
  const { t } = useTranslation();
  const few = { limit: 1 };
  const users = useValue<Page<User>>('office', '/api/v1/users', few);
  const groups = useValue<Page<Group>>('office', '/api/v1/groups', few);
  const phones = useValue<Page<Registration>>('registrations', '/api/v1/registrations', few);
  const trunks = useValue<Page<Trunk>>('office', '/api/v1/trunks', few);
  const hours = useValue<Page<Schedule>>('office', '/api/v1/schedules', few);
  const empty = (page: Page<unknown> | undefined) => page !== undefined && page.items.length === 0;
  const steps: [boolean, string, string][] = [
    [empty(users.data), t('steps.people'), '/people'],
    [empty(phones.data), t('steps.phones'), '/people'],
    [empty(groups.data), t('steps.group'), '/groups'],
    [empty(trunks.data), t('steps.trunk'), '/trunks'],
    [empty(hours.data), t('steps.hours'), '/hours'],
  ];
  const left = steps.filter(([open]) => open);
  if (left.length === 0) return null;
  return (
    <section className="panel" aria-label={t('steps.title')}>
      <Title order={2} size="h4" mb="xs">
        {t('steps.title')}
      </Title>
      <ul style={{ margin: 0, paddingLeft: '1.2rem' }}>
        {left.map(([, text, href]) => (
          <li key={text}>
            <Link href={href}>{text}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
