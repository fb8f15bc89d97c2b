// What each member did with his rings: answered, missed and why, how soon, how long he talked.
import { Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupStatistics } from '../api/types';
import { useFormat } from '../i18n/format';
import { useNames } from '../people/names';

type Member = GroupStatistics['members'][number];
const kCounts = ['rang', 'answered', 'missed', 'answered_elsewhere', 'declined', 'busy', 'unreachable', 'skipped'] as const;

export function Members({ found }: { found: GroupStatistics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useNames(useMemo(() => found.members.map((one) => one.member), [found]));
  const pickup = (one: Member) => (one.answered > 0 ? t('tests.seconds', { seconds: format.number1(one.pickup.mean_s) }) : '–');
  const label = t('simulation.members');
  return (
    <section aria-label={label}>
      <Title order={2} size="h4">
        {label}
      </Title>
      <div className="sim-scroll" role="region" aria-label={label} tabIndex={0}>
        <table className="sim" data-testid="members">
          <thead>
            <tr>
              <td />
              {kCounts.map((key) => (
                <th scope="col" key={key}>
                  {t(`statistics.${key}`)}
                </th>
              ))}
              <th scope="col">{t('statistics.pickup')}</th>
              <th scope="col">{t('statistics.talk')}</th>
            </tr>
          </thead>
          <tbody>
            {found.members.map((one) => (
              <tr key={one.member} data-testid={`member-${one.member}`}>
                <th scope="row">{name(one.member)}</th>
                {kCounts.map((key) => (
                  <td key={key}>{format.number(one[key])}</td>
                ))}
                <td>{pickup(one)}</td>
                <td>{format.length(one.talk_ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
