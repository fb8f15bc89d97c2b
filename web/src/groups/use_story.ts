// What the server says that a call to this group would do, for the group as it is being written.
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { post } from '../api/client';
import { Problem, type Finding } from '../api/problem';
import type { Group, PlanStory } from '../api/types';
import { withoutGiven } from '../edit/merge';

export interface Explained {
  /** What was asked, so that an answer is not taken for another question's. */
  of: string;
  story?: PlanStory;
  findings: Finding[];
}

export function questionOf(group: Group): string {
  return JSON.stringify(withoutGiven({ ...group, health: undefined }));
}

/** `all`: as if everybody's phone were on, which is what the plan says in general. */
export function useGroupStory(group: Group | undefined): Explained | undefined {
  const question = group ? questionOf(group) : '';
  const [settled] = useDebouncedValue(question, 250);
  const found = useQuery({
    queryKey: ['office', 'explain', settled],
    enabled: settled !== '',
    retry: false,
    queryFn: async ({ signal }): Promise<Explained> => {
      try {
        const body = { group: JSON.parse(settled) as unknown, phones: 'all' };
        const answer = await post<PlanStory>('/api/v1/explain', { body, signal });
        return { of: settled, story: answer.data, findings: [] };
      } catch (error) {
        if (error instanceof Problem && error.status === 422)
          return { of: settled, findings: error.document.errors ?? [{ detail: error.message }] };
        throw error;
      }
    },
  });
  return found.data?.of === question ? found.data : undefined;
}
