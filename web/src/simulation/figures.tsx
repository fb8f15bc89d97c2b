// What a simulation found: bars of shares and waits, one row a figure, and a table of the members.
import { Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Simulated } from '../api/types';
import { useFormat } from '../i18n/format';
import { useNames } from '../people/names';
import { kMemberFigures, kOverall, rowsOf, type FigureKey, type FigureRow } from './rows';

function useShown() {
  const { t } = useTranslation();
  const format = useFormat();
  return (row: FigureRow, place: number): string => {
    const value = row.values[place];
    if (!value) return '';
    const text = (of: number) => (row.unit === 'share' ? format.percent1(of) : row.unit === 'seconds' ? t('tests.seconds', { seconds: format.number1(of) }) : format.number(of));
    return value.give_or_take === undefined ? text(value.value) : `${text(value.value)} ± ${text(value.give_or_take)}`;
  };
}

function Bars({ row, most }: { row: FigureRow; most: number }) {
  const { t } = useTranslation();
  const shown = useShown();
  const label = row.key === 'ended_in' ? t('figure.ended_in', { where: row.whose }) : t(`figure.${row.key as Exclude<FigureKey, 'ended_in'>}`);
  return (
    <tr data-testid={`figure-${row.key}`}>
      <th scope="row">{label}</th>
      {row.values.map((value, i) => (
        <td key={i}>
          <div className="sim-bar" data-second={i > 0 || undefined} aria-hidden="true">
            {row.unit !== 'count' && <div style={{ width: `${Math.min(100, (100 * (value?.value ?? 0)) / (row.unit === 'share' ? 1 : most)).toFixed(1)}%` }} />}
          </div>
          {shown(row, i)}
        </td>
      ))}
    </tr>
  );
}

export function Figures({ result }: { result: Simulated }) {
  const { t } = useTranslation();
  const shown = useShown();
  const { overall, members } = useMemo(() => rowsOf(result.configurations), [result]);
  const name = useNames(members.map((one) => one.whose));
  const most = Math.max(1, ...overall.filter((row) => row.unit === 'seconds').flatMap((row) => row.values.map((value) => value?.value ?? 0)));
  const heads = result.configurations.map((one) => t(one.configuration === 'changed' ? 'simulation.changed' : 'simulation.now'));
  return (
    <>
      <div className="sim-scroll" role="region" aria-label={t('simulation.result')} tabIndex={0}>
        <table className="sim" data-testid="figures">
          <thead>
            <tr>
              <td />
              {heads.map((head) => (
                <th scope="col" key={head}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kOverall.flatMap((key) => overall.filter((row) => row.key === key)).map((row) => (
              <Bars key={`${row.key} ${row.whose}`} row={row} most={most} />
            ))}
          </tbody>
        </table>
      </div>
      {result.configurations.map((_, place) => (
        <section key={place} aria-label={`${t('simulation.members')}: ${heads[place] ?? ''}`}>
          <Title order={2} size="h4">
            {t('simulation.members')}: {heads[place]}
          </Title>
          <div className="sim-scroll" role="region" aria-label={heads[place] ?? ''} tabIndex={0}>
            <table className="sim">
              <thead>
                <tr>
                  <td />
                  {kMemberFigures.map((key) => (
                    <th scope="col" key={key}>
                      {t(`figure.${key}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {members.map((member) => (
                  <tr key={member.whose}>
                    <th scope="row">{name(member.whose)}</th>
                    {kMemberFigures.map((key) => {
                      const row = member.rows.get(key);
                      return <td key={key}>{row ? shown(row, place) : ''}</td>;
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      ))}
    </>
  );
}
