// Which recording callers hear: those of the office, and what is built in.
import { NativeSelect } from '@mantine/core';
import { useAll } from '../api/lists';
import type { Sound } from '../api/types';

export function SoundSelect({
  label,
  value,
  builtIn,
  disabled,
  error,
  onChange,
}: {
  label: string;
  value: string;
  /** What may be chosen besides the office's own sounds: the value and its text. */
  builtIn: { value: string; label: string };
  disabled: boolean;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  const sounds = useAll<Sound>('office', '/api/v1/sounds');
  const names = [...new Set([...sounds.items.map((one) => one.name), value])].filter((name) => name !== builtIn.value);
  return (
    <NativeSelect
      label={label}
      value={value}
      disabled={disabled}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[builtIn, ...names.map((name) => ({ value: name, label: name }))]}
    />
  );
}
