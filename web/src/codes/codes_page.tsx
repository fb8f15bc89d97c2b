// Codes to dial, as a card that can be printed.
import { Button, Group as Row } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useValue } from '../api/lists';
import type { FeatureCodes, Flag } from '../api/types';
import { useAll } from '../api/lists';
import { Empty, Failed, Loading, PageHead } from '../parts/states';

// Codes behind which a number is dialled.
const kWithNumber: Record<string, string> = {
  forward_always: 'N', forward_busy: 'N', forward_no_answer: 'N', forward_unreachable: 'N', blind_transfer: 'N#',
  attended_transfer: 'N#', mailbox_of: 'N', pickup: 'N', log_in_out: 'N', flag: 'N', hide_number: 'N', this_phone_only: 'N',
};

export default function CodesPage() {
  const { t, i18n } = useTranslation();
  const codes = useValue<FeatureCodes>('office', '/api/v1/feature_codes');
  const flags = useAll<Flag>('office', '/api/v1/flags');
  if (codes.isPending) return <Loading />;
  if (codes.error) return <Failed error={codes.error} retry={() => void codes.refetch()} />;
  const text = (name: string) =>
    i18n.exists(`code.${name}`) ? String(t(`code.${name}` as never)) : name.replaceAll('_', ' ');
  const own = flags.items.filter((flag) => flag.code);
  return (
    <>
      <PageHead title={t('page.codes')} icon="codes" note={t('codes.note', { profile: codes.data.profile })}>
        <Button variant="default" onClick={() => window.print()}>
          {t('codes.print')}
        </Button>
      </PageHead>
      {codes.data.items.length === 0 ? (
        <Empty text={t('common.nothingFound')} />
      ) : (
        <table className="list" aria-label={t('page.codes')}>
          <thead>
            <tr>
              <th scope="col">{t('codes.code')}</th>
              <th scope="col">{t('codes.what')}</th>
            </tr>
          </thead>
          <tbody>
            {codes.data.items.map((one) => (
              <tr key={one.name}>
                <td data-label={t('codes.code')}>
                  <Row gap={2}>
                    <strong>{one.code}</strong>
                    <em>{kWithNumber[one.name] ?? ''}</em>
                  </Row>
                </td>
                <td data-label={t('codes.what')}>{text(one.name)}</td>
              </tr>
            ))}
            {own.map((flag) => (
              <tr key={flag.id}>
                <td data-label={t('codes.code')}>
                  <strong>{flag.code}</strong>
                </td>
                <td data-label={t('codes.what')}>{t('codes.ofFlag', { name: flag.name })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
