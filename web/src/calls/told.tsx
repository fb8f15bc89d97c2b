// What was told to others of this call: webhooks and action URLs, asked for when it is opened.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Deliveries } from '../integrations/deliveries';

export function Told({ call }: { call: string }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <details onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{t('story.told')}</summary>
      {opened && <Deliveries fixed={{ call }} />}
    </details>
  );
}
