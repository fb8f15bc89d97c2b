// People with their state; a call that is dropped on one is for him.
import { Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useAll } from '../api/lists';
import type { User } from '../api/types';
import { StateTag } from '../people/state_tag';
import { useMyself } from '../session/session';
import { callCarried, carriesCall } from './drag';

function Person({ user, onDrop }: { user: User; onDrop: ((call: string, user: User) => void) | undefined }) {
  const session = useMyself();
  const [over, setOver] = useState(false);
  const who = user.name || user.extension;
  return (
    <div
      className="panel person"
      data-testid="person"
      data-over={over || undefined}
      onDragOver={(event) => {
        if (!onDrop || !carriesCall(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!onDrop || !carriesCall(event)) return;
        event.preventDefault();
        onDrop(callCarried(event), user);
      }}
    >
      {session.role === 'group_manager' ? <span>{who}</span> : <Link href={`/people/${encodeURIComponent(user.id)}`}>{who}</Link>}
      <Text size="sm" c="dimmed">
        {user.extension}
      </Text>
      <StateTag state={user.state} />
    </div>
  );
}

export function People({ onDrop }: { onDrop: ((call: string, user: User) => void) | undefined }) {
  const { t } = useTranslation();
  const people = useAll<User>('state', '/api/v1/users', { expand: 'state', limit: 200 });
  if (people.items.length === 0) return null;
  return (
    <div>
      <Title order={2} size="h4" mb="xs">
        {t('page.people')}
      </Title>
      {onDrop && (
        <Text size="sm" mb="xs">
          {t('live.dragNote')}
        </Text>
      )}
      <div className="people-grid">
        {people.items.map((user) => (
          <Person key={user.id} user={user} onDrop={onDrop} />
        ))}
      </div>
    </div>
  );
}
