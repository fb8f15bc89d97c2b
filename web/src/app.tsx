import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { Component, Suspense, lazy } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { Problem } from './api/problem';
import { kRoutes } from './frame/pages';
import { Shell } from './frame/shell';
import { Empty, Failed, Loading } from './parts/states';
import { ToastProvider } from './parts/toast';
import { LoginPage, RenewDialog } from './session/login';
import { SessionProvider, useMyself, useSession } from './session/session';
import { StreamProvider } from './stream/use_stream';
import { theme } from './theme';

const SetupPage = lazy(() => import('./setup/setup_page'));

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => !(error instanceof Problem && error.status < 500) && count < 2,
    },
  },
});

// A fault of one page leaves the rest of the application alive.
class Fence extends Component<{ children: ReactNode; place: string }, { error?: unknown }> {
  override state: { error?: unknown } = {};
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override componentDidUpdate(before: { place: string }) {
    if (before.place !== this.props.place && this.state.error) this.setState({ error: undefined });
  }
  override render() {
    if (this.state.error === undefined) return this.props.children;
    return <Failed error={this.state.error} retry={() => this.setState({ error: undefined })} />;
  }
}

function NotFound() {
  const { t } = useTranslation();
  return <Empty text={t('error.noPage')} />;
}

function Pages() {
  const session = useMyself();
  const [location] = useLocation();
  if (session.role === 'user' && location === '/') return <Redirect to="/me" />;
  return (
    <Switch>
      {kRoutes
        .filter((route) => route.roles.includes(session.role))
        .map(({ path, page: Page }) => (
          <Route key={path} path={path}>
            {(parts: Record<string, string | undefined>) => (
              <Fence place={path}>
                <Suspense fallback={<Loading />}>
                  <Page key={parts['id'] ?? ''} id={decodeURIComponent(parts['id'] ?? '')} />
                </Suspense>
              </Fence>
            )}
          </Route>
        ))}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}

function Inside() {
  const { t } = useTranslation();
  const { state } = useSession();
  if (state === 'asking') return <Loading />;
  if (state === 'failed') return <Empty text={t('banner.away')} />;
  if (state === 'nobody') return <LoginPage />;
  return (
    <StreamProvider>
      <Shell>
        <Pages />
      </Shell>
      <RenewDialog />
    </StreamProvider>
  );
}

// The server writes a fresh nonce into the page: with it Mantine may add style elements.
const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';
setNonce(nonce); // for what keeps the page behind a dialog from scrolling

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queries}>
        <ToastProvider>
          <SessionProvider>
            <Switch>
              <Route path="/setup">
                <Suspense fallback={<Loading />}>
                  <SetupPage />
                </Suspense>
              </Route>
              <Route>
                <Inside />
              </Route>
            </Switch>
          </SessionProvider>
        </ToastProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
