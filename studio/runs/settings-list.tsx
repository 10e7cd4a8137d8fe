// Every other setting of a run with its meaning, to search and to change.
import { Accordion, Badge, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FormSetting } from '../../src/studio/api-types.js';

interface SettingsListProps {
  readonly settings: readonly FormSetting[];
  /** Changed ones, as typed. */
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (values: Readonly<Record<string, string>>) => void;
}

export function SettingsList({ settings, values, onChange }: SettingsListProps) {
  const [text, setText] = useState('');
  const changed = Object.values(values).filter((value) => value.trim() !== '').length;
  const shown = settings.filter(({ path, meaning }) =>
    `${path} ${meaning}`.toLowerCase().includes(text.trim().toLowerCase()),
  );
  const set = (path: string, value: string) => onChange({ ...values, [path]: value });
  return (
    <Accordion variant="contained">
      <Accordion.Item value="all">
        <Accordion.Control>
          <Group gap="xs">
            All settings ({settings.length})
            {changed > 0 && (
              <Badge size="sm" tt="none">
                {changed} changed
              </Badge>
            )}
          </Group>
        </Accordion.Control>
        <Accordion.Panel>
          <Stack gap="sm">
            <TextInput
              aria-label="Search settings"
              placeholder="Search: learning rate, batch, hidden"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Stack gap="sm" className="settings-scroll">
              {shown.map((setting) => (
                <SettingInput
                  key={setting.path}
                  setting={setting}
                  value={values[setting.path] ?? ''}
                  onChange={(value) => set(setting.path, value)}
                />
              ))}
              {shown.length === 0 && <Text size="sm">No setting fits.</Text>}
            </Stack>
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

interface SettingInputProps {
  readonly setting: FormSetting;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function SettingInput({
  setting: { path, meaning, allowed, schema, value: usual },
  value,
  onChange,
}: SettingInputProps) {
  const choices = schema.type === 'boolean' ? [true, false] : schema.enum;
  const common = { label: <code>{path}</code>, description: [meaning, allowed].filter(Boolean).join('; ') };
  if (choices !== undefined) {
    return (
      <Select
        {...common}
        data={choices.map(String)}
        value={value === '' ? null : value}
        placeholder={String(usual)}
        clearable
        onChange={(next) => onChange(next ?? '')}
      />
    );
  }
  return (
    <TextInput
      {...common}
      value={value}
      placeholder={JSON.stringify(usual)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
