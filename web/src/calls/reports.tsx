// The way to the reports; their list is loaded when somebody wants to see it.
import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mayChange, useMyself } from '../session/session';

const ReportList = lazy(() => import('./report_list'));

export function Reports({ url }: { url: URLSearchParams }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  if (!mayChange(useMyself())) return null;
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        {t('reports.byMail')}
      </Button>
      {opened && (
        <Suspense fallback={null}>
          <ReportList url={url} close={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
