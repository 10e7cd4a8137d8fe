// What a part of a page shows while it has nothing yet: loading, an error with what to do, nothing there.
import { Alert, Button, Center, Group, Loader, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export function Loading({ what }: { what: string }) {
  return (
    <Center py="xl" role="status">
      <Group gap="sm">
        <Loader size="sm" />
        <Text c="dimmed">Loading {what.toLowerCase()}…</Text>
      </Group>
    </Center>
  );
}

export function Failure({ error, retry }: { error: Error | string; retry?: () => void }) {
  return (
    <Alert color="red" variant="light" title="That did not work" role="alert">
      <Stack gap="sm" align="start">
        <Text size="sm">{typeof error === 'string' ? error : error.message}</Text>
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** What works and may not be as meant. */
export function Notices({ notices = [] }: { notices?: readonly string[] }) {
  return notices.map((notice) => (
    <Alert key={notice} color="yellow" variant="light" role="note">
      <Text size="sm">{notice}</Text>
    </Alert>
  ));
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Center py={60}>
      <Stack align="center" gap="md" maw={560} ta="center">
        <Title order={2} size="h3">
          {title}
        </Title>
        {children}
      </Stack>
    </Center>
  );
}
