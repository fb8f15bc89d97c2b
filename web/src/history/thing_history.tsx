// Who changed a thing and when; each change can be taken back.
import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useList } from '../api/lists';
import type { RevisionItem } from '../api/types';
import { useFormat } from '../i18n/format';
import { Loading } from '../parts/states';
import { mayChange, useMyself } from '../session/session';
import { useTakeBack } from './take_back';

export function ThingHistory({ kind, id }: { kind: string; id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const session = useMyself();
  const takeBack = useTakeBack();
  const may = mayChange(session);
  const list = useList<RevisionItem>('office', '/api/v1/revisions', { kind, id, limit: 20 }, { enabled: may });
  if (!may) return <Text>{t('error.notAllowed')}</Text>;
  if (list.isPending) return <Loading />;
  if (list.items.length === 0) return <Text>{t('history.empty')}</Text>;
  return (
    <ul>
      {list.items.map((one) => (
        <li key={one.revision}>
          {format.moment(one.at)} · {one.who}: {one.what}{' '}
          {may && (
            <Button size="compact-xs" variant="subtle" onClick={() => void takeBack(one.revision)}>
              {t('history.undo')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
