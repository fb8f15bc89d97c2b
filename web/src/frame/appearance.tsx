// Language, and dark or light.
import { ActionIcon, Group, NativeSelect, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { changeLanguage, isLanguage, kLanguageNames, kLanguages } from '../i18n';
import { Icon } from '../parts/icon';

export function Appearance() {
  const { t, i18n } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  return (
    <Group gap="xs" wrap="nowrap">
      <NativeSelect
        size="xs"
        aria-label={t('frame.language')}
        value={i18n.language}
        onChange={(event) => {
          const wanted = event.currentTarget.value;
          if (isLanguage(wanted)) void changeLanguage(wanted);
        }}
        data={kLanguages.map((value) => ({ value, label: kLanguageNames[value] }))}
      />
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={dark ? t('frame.light') : t('frame.dark')}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        <Icon name={dark ? 'sun' : 'moon'} />
      </ActionIcon>
    </Group>
  );
}
