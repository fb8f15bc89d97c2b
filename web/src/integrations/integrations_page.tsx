// Links to the outside: webhooks, what was told to whom, keys for machines, the description of the API.
import { Button, Stack, Tabs, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../parts/states';
import { useUrlState } from '../parts/url_state';
import { mayChange, useMyself } from '../session/session';
import { Tokens } from '../system/tokens';
import { Deliveries } from './deliveries';
import { Webhooks } from './webhooks';

function Api() {
  const { t } = useTranslation();
  const may = mayChange(useMyself());
  const root = window.location.origin;
  return (
    <Stack>
      <Text>{t('integrations.apiNote')}</Text>
      <pre style={{ overflowX: 'auto' }} tabIndex={0} aria-label={t('integrations.example')}>
        {`curl -H "Authorization: Bearer $HARRIER_TOKEN" ${root}/api/v1/groups`}
      </pre>
      <Button component="a" href="/api/v1/openapi.json" variant="default" style={{ alignSelf: 'flex-start' }}>
        {t('integrations.openapi')}
      </Button>
      {may && <Tokens />}
    </Stack>
  );
}

export default function IntegrationsPage() {
  const { t } = useTranslation();
  const [url, setUrl] = useUrlState();
  const tabs = [
    ['webhooks', <Webhooks key="webhooks" />],
    ['deliveries', <Deliveries key="deliveries" />],
    ['api', <Api key="api" />],
  ] as const;
  return (
    <>
      <PageHead title={t('page.integrations')} icon="integrations" note={t('integrations.note')} />
      <Tabs value={url.get('tab') ?? 'webhooks'} onChange={(next) => setUrl({ tab: next ?? undefined, webhook: undefined, state: undefined, type: undefined })} keepMounted={false}>
        <Tabs.List>
          {tabs.map(([key]) => (
            <Tabs.Tab key={key} value={key}>
              {t(`integrations.tab_${key}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(([key, panel]) => (
          <Tabs.Panel key={key} value={key} pt="md">
            {panel}
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
