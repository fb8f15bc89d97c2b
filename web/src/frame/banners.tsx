// Said above the page: the server is away, the live view is interrupted, the store is down.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { onServerAway, serverAway } from '../api/client';
import { useFormat } from '../i18n/format';
import { Icon } from '../parts/icon';
import { useStreamState } from '../stream/use_stream';

// A reload of the page or a short pause is no news.
const kPatienceMs = 1500;

function useLate(on: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!on) return setLate(false);
    const timer = setTimeout(() => setLate(true), kPatienceMs);
    return () => clearTimeout(timer);
  }, [on]);
  return late;
}

interface Ready {
  status: string;
  degraded: string[];
}
function useReady() {
  return useQuery({
    queryKey: ['ready'],
    refetchInterval: 15_000,
    retry: false,
    queryFn: async ({ signal }) => (await (await fetch('/readyz', { signal })).json()) as Ready,
  });
}

export function Banners() {
  const { t } = useTranslation();
  const format = useFormat();
  const away = useLate(useSyncExternalStore(onServerAway, serverAway));
  const stream = useStreamState();
  const lost = useLate(!stream.live);
  const ready = useReady();
  const degraded = ready.data?.degraded ?? [];
  return (
    <div aria-live="polite">
      {away && (
        <div className="banner" role="alert">
          <Icon name="warn" /> {t('banner.away')}
        </div>
      )}
      {!away && lost && (
        <div className="banner" data-testid="stream-lost">
          <Icon name="warn" />
          {stream.since
            ? t('banner.streamLostSince', { time: format.time(stream.since) })
            : t('banner.streamLost')}
        </div>
      )}
      {degraded.length > 0 && (
        <div className="banner">
          <Icon name="warn" /> {t('banner.degraded', { what: format.list(degraded) })}
        </div>
      )}
    </div>
  );
}

export function LiveBadge() {
  const { t } = useTranslation();
  const { live } = useStreamState();
  return (
    <span className="tag" data-kind={live ? 'good' : 'warn'} data-testid="live-badge">
      {live ? t('frame.live') : t('frame.notLive')}
    </span>
  );
}
