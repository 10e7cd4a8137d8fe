// What is asked for, typed: the policy does what the sentence says.
import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Watching } from './use-watching.js';

/** Where the environment understands sentences. An empty one leaves each start what it asks for by itself. */
export function InstructionInput({ on }: { on: Watching }) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string>();
  if (!on.stage.facts.asks) return null;
  const ask = (event: FormEvent) => {
    event.preventDefault();
    const sentence = typed.trim();
    on.instruct(sentence === '' ? undefined : sentence).then(
      () => setProblem(undefined),
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <form onSubmit={ask}>
      <Group align="flex-start" gap="xs" wrap="nowrap">
        <TextInput
          size="sm"
          label="Ask for"
          placeholder="in words; empty: what each start asks for"
          value={typed}
          error={problem}
          onChange={(event) => setTyped(event.currentTarget.value)}
          flex={1}
        />
        <Button type="submit" size="sm" variant="default" mt={24}>
          Ask
        </Button>
      </Group>
    </form>
  );
}
