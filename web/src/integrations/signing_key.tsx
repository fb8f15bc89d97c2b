// The key that proves our signature to a receiver: typed, or made here and seen once.
import { Button, CopyButton, Group as Row, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { freshSigningKey } from './delivery_words';

interface Props {
  label: string;
  description: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  required?: boolean;
}

export function SigningKey({ label, description, value, onChange, error, required = false }: Props) {
  const { t } = useTranslation();
  const [made, setMade] = useState('');
  const make = () => {
    const key = freshSigningKey();
    setMade(key);
    onChange(key);
  };
  return (
    <Stack gap={4}>
      <Row align="flex-end" gap="xs">
        <PasswordInput
          label={label}
          required={required}
          description={description}
          value={value}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('login.show') }}
          onChange={(event) => onChange(event.currentTarget.value)}
          error={error}
          style={{ flex: 1, minWidth: '14rem' }}
        />
        <Button variant="default" onClick={make}>
          {t('webhooks.makeKey')}
        </Button>
      </Row>
      {made !== '' && made === value && (
        <Row gap="xs" className="panel">
          <code style={{ overflowWrap: 'anywhere', flex: 1 }} data-testid="signing-key">
            {made}
          </code>
          <CopyButton value={made}>
            {({ copied, copy }) => (
              <Button size="compact-sm" variant="default" onClick={copy}>
                {copied ? t('common.copied') : t('common.copy')}
              </Button>
            )}
          </CopyButton>
          <Text size="sm">{t('webhooks.keyOnce')}</Text>
        </Row>
      )}
    </Stack>
  );
}
