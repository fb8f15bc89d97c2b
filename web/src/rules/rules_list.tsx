// A user's rules in order: the first that applies runs. Recipes for the usual ones.
import { Accordion, ActionIcon, Button, Group as Row, Menu, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rule } from '../api/types';
import { Icon } from '../parts/icon';
import { Empty, Tag } from '../parts/states';
import { RuleEditor } from './rule_editor';

interface Props {
  rules: Rule[];
  /** The extension of whose they are. */
  own: string;
  change: (rules: Rule[]) => void;
  readOnly: boolean;
  mayLock: boolean;
  office: boolean;
  fieldError: (pointer: string) => string | undefined;
}

const kBlank: Rule = {
  name: '', enabled: true, locked: false, when: '', callers: [], mode: 'follow_me', music: 'default', stages: [], max_hold: 300,
};

function recipes(own: string): { key: 'deskThenMobile' | 'together' | 'hold'; rule: Rule }[] {
  return [
    { key: 'deskThenMobile', rule: { ...kBlank, stages: [{ ring: [{ ring: own }], for: 20 }, { ring: [], for: 25 }], finally: { mailbox: own } } },
    { key: 'together', rule: { ...kBlank, stages: [{ ring: [{ ring: own }], for: 30 }], finally: { mailbox: own } } },
    { key: 'hold', rule: { ...kBlank, mode: 'extend_ring', stages: [{ ring: [{ ring: own }], for: 20 }], finally: { mailbox: own } } },
  ];
}

export function RulesList({ rules, own, change, readOnly, mayLock, office, fieldError }: Props) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<string | null>(null);
  const set = (i: number, rule: Rule) => change(rules.map((old, j) => (j === i ? rule : old)));
  const swap = (i: number, j: number) => {
    const next = [...rules];
    const [a, b] = [next[i], next[j]];
    if (!a || !b) return;
    next[i] = b;
    next[j] = a;
    change(next);
  };
  const add = (rule: Rule, name: string) => {
    change([...rules, { ...rule, name }]);
    setOpened(String(rules.length));
  };
  return (
    <Stack>
      {rules.length === 0 && <Empty text={t('rule.empty')} />}
      <Accordion value={opened} onChange={setOpened} variant="separated">
        {rules.map((rule, i) => {
          const fixed = readOnly || (rule.locked && !mayLock);
          return (
            <Accordion.Item key={i} value={String(i)}>
              <Accordion.Control>
                <Row gap="xs">
                  <Text fw={600}>{rule.name || t('rule.unnamed', { number: i + 1 })}</Text>
                  <Tag>{t(`rule.${rule.mode}`)}</Tag>
                  {!rule.enabled && <Tag kind="warn">{t('common.off')}</Tag>}
                  {rule.locked && <Tag kind="warn">{t('rule.lockedTag')}</Tag>}
                  <Text size="sm" c="dimmed">
                    {rule.when || t('rule.always')}
                  </Text>
                </Row>
              </Accordion.Control>
              <Accordion.Panel>
                {opened === String(i) && (
                  <RuleEditor
                    rule={rule}
                    change={(next) => set(i, next)}
                    readOnly={fixed}
                    mayLock={mayLock}
                    office={office}
                    fieldError={(pointer) => fieldError(`/rules/${i}${pointer}`)}
                  />
                )}
                {!fixed && (
                  <Row mt="sm">
                    <ActionIcon variant="default" size="lg" disabled={i === 0} aria-label={t('rule.earlier')} onClick={() => swap(i, i - 1)}>
                      <Icon name="up" />
                    </ActionIcon>
                    <ActionIcon variant="default" size="lg" disabled={i === rules.length - 1} aria-label={t('rule.later')} onClick={() => swap(i, i + 1)}>
                      <Icon name="down" />
                    </ActionIcon>
                    <Button color="red" variant="outline" leftSection={<Icon name="trash" />} onClick={() => change(rules.filter((_, j) => j !== i))}>
                      {t('common.remove')}
                    </Button>
                  </Row>
                )}
              </Accordion.Panel>
            </Accordion.Item>
          );
        })}
      </Accordion>
      {!readOnly && (
        <Row>
          <Menu>
            <Menu.Target>
              <Button variant="default" leftSection={<Icon name="plus" />}>
                {t('rule.new')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {recipes(own).map(({ key, rule }) => (
                <Menu.Item key={key} onClick={() => add(rule, t(`rule.recipe_${key}`))}>
                  {t(`rule.recipe_${key}`)}
                </Menu.Item>
              ))}
              <Menu.Item onClick={() => add(kBlank, t('rule.recipe_blank'))}>{t('rule.recipe_blank')}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Row>
      )}
    </Stack>
  );
}
