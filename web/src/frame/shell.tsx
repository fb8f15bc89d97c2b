// The frame of every page: rail, top bar, banners.
import { ActionIcon, AppShell, Burger, Button, Group, Text } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { Icon } from '../parts/icon';
import { useMyself, useSession } from '../session/session';
import { Appearance } from './appearance';
import { Banners, LiveBadge } from './banners';
import { isShown, kPages } from './pages';
import { SearchDialog } from './search';
import { ShortcutsDialog } from './shortcuts';

function isHere(path: string, location: string): boolean {
  if (path === '/' || path === '/me') return location === path;
  return location === path || location.startsWith(`${path}/`);
}

function Rail({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const session = useMyself();
  const [location] = useLocation();
  return (
    <>
      {kPages
        .filter((page) => isShown(page, session))
        .map((page) => (
          <Link
            key={page.path}
            href={page.path}
            className="rail-link"
            aria-current={isHere(page.path, location) ? 'page' : undefined}
            onClick={close}
          >
            <Icon name={page.icon} />
            {t(`page.${page.key}`)}
          </Link>
        ))}
    </>
  );
}

// The first key presses that mean something wherever the focus is.
function focusFilter(): void {
  document.querySelector<HTMLInputElement>('[data-page-filter]')?.focus();
}
function pressNew(): void {
  document.querySelector<HTMLElement>('[data-page-new]')?.click();
}

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const session = useMyself();
  const { logout } = useSession();
  const [location] = useLocation();
  const [rail, { toggle, close }] = useDisclosure();
  const [search, searching] = useDisclosure();
  const [keys, showing] = useDisclosure();
  useHotkeys([
    ['mod+K', searching.open, { preventDefault: true }],
    ['/', focusFilter, { preventDefault: true }],
    ['n', pressNew],
    ['shift+?', showing.open],
  ]);
  // A new page begins at its top, and a screen reader at its heading.
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [location]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !rail } }}
      padding="md"
    >
      <a href="#main" className="skip">
        {t('frame.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={rail} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('frame.menu')} />
            <img src="/harrier.svg" alt="" width={28} height={28} />
            <Text fw={700} visibleFrom="xs">
              Harrier
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Button
              variant="default"
              size="xs"
              leftSection={<Icon name="search" />}
              onClick={searching.open}
              visibleFrom="sm"
            >
              {t('search.open')} <kbd style={{ marginLeft: 8 }}>Ctrl+K</kbd>
            </Button>
            <ActionIcon
              variant="default"
              size="lg"
              onClick={searching.open}
              hiddenFrom="sm"
              aria-label={t('search.open')}
            >
              <Icon name="search" />
            </ActionIcon>
            <LiveBadge />
            <Group gap="xs" wrap="nowrap" visibleFrom="sm">
              <Appearance />
              <Button
                variant="default"
                size="xs"
                onClick={() => void logout()}
                title={session.name || session.login}
              >
                {t('frame.logout')}
              </Button>
            </Group>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" style={{ overflowY: 'auto' }} aria-label={t('frame.pages')}>
        <Rail close={close} />
        <Group hiddenFrom="sm" p="xs" justify="space-between">
          <Appearance />
          <Button variant="default" size="xs" onClick={() => void logout()}>
            {t('frame.logout')}
          </Button>
        </Group>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Banners />
        {children}
      </AppShell.Main>
      <SearchDialog opened={search} close={searching.close} />
      <ShortcutsDialog opened={keys} close={showing.close} />
    </AppShell>
  );
}
