// What a page shows when there is nothing, not yet anything, or an error.
import { Alert, Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem';
import { Icon, type IconName } from './icon';

export function Tag({ kind, children }: { kind?: 'good' | 'warn' | 'bad'; children: ReactNode }) {
  return (
    <span className="tag" data-kind={kind}>
      {children}
    </span>
  );
}

export function Loading() {
  const { t } = useTranslation();
  return (
    <Group p="md" role="status">
      <Loader size="sm" /> <Text>{t('common.loading')}</Text>
    </Group>
  );
}

export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <Stack align="flex-start" className="panel" gap="sm">
      <Text>{text}</Text>
      {children}
    </Stack>
  );
}

/** An error in words, with what to do next. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const problem = error instanceof Problem ? error : undefined;
  const title =
    problem?.status === 404
      ? t('error.notFound')
      : problem?.status === 403
        ? t('error.notAllowed')
        : problem?.status === 503
          ? t('error.notNow')
          : t('error.failed');
  return (
    <Alert color="red" title={title} icon={<Icon name="warn" />} variant="outline" role="alert">
      <Text size="sm" mb="xs">
        {problem?.document.detail ?? (error instanceof Error ? error.message : String(error))}
      </Text>
      {problem?.document.errors?.length ? (
        <ul>
          {problem.document.errors.map((finding, i) => (
            <li key={i}>{finding.detail}</li>
          ))}
        </ul>
      ) : null}
      {retry && (
        <Button size="xs" variant="default" onClick={retry}>
          {t('common.tryAgain')}
        </Button>
      )}
    </Alert>
  );
}

export function PageHead({
  title,
  icon,
  children,
  note,
}: {
  title: string;
  icon?: IconName;
  children?: ReactNode;
  note?: string;
}) {
  return (
    <Stack gap={4} mb="md">
      <Group justify="space-between" align="center">
        <Group gap="xs">
          {icon && <Icon name={icon} />}
          <Title order={1} size="h2">
            {title}
          </Title>
        </Group>
        <Group gap="xs">{children}</Group>
      </Group>
      {note && (
        <Text c="dimmed" size="sm">
          {note}
        </Text>
      )}
    </Stack>
  );
}
