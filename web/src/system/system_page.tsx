// The server itself: health, listeners, log, bans, backup, sessions, tokens, accounts, the office's own settings.
import { Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../parts/states';
import { useUrlState } from '../parts/url_state';
import { mayChange, useMyself } from '../session/session';
import { Accounts } from './accounts';
import { Backup } from './backup';
import { Bans } from './bans';
import { Health } from './health';
import { LogLines } from './log_lines';
import { OfficeSettings } from './office_settings';
import { OwnSecurity } from './own_security';
import { Sessions } from './sessions';
import { Tokens } from './tokens';

export default function SystemPage() {
  const { t } = useTranslation();
  const may = mayChange(useMyself());
  const [url, setUrl] = useUrlState();
  const tabs = [
    ...(may
      ? ([
          ['health', <Health key="health" />],
          ['log', <LogLines key="log" />],
          ['bans', <Bans key="bans" />],
          ['office', <OfficeSettings key="office" />],
          ['backup', <Backup key="backup" />],
          ['accounts', <Accounts key="accounts" />],
          ['tokens', <Tokens key="tokens" />],
        ] as const)
      : []),
    ['sessions', <Sessions key="sessions" />],
    ['security', <OwnSecurity key="security" />],
  ] as const;
  const tab = url.get('tab') ?? (may ? 'health' : 'sessions');
  return (
    <>
      <PageHead title={t('page.system')} icon="system" />
      <Tabs value={tab} onChange={(next) => setUrl({ tab: next ?? undefined, q: undefined, sort: undefined, level: undefined, call: undefined })} keepMounted={false}>
        <Tabs.List>
          {tabs.map(([key]) => (
            <Tabs.Tab key={key} value={key}>
              {t(`system.tab_${key}`)}
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
