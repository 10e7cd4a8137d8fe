// What is common to all pages of the lab: title, two sentences, the picture, its link, the code that made it.
import { Button, CopyButton, Group, Stack, Text, Title } from '@mantine/core';
import { memo, Suspense, useContext } from 'react';
import { Link } from '../shell/router.js';
import { Loading } from '../shell/states.js';
import { type LabPage, programText } from './lab-page.js';
import { labPages } from './lab-pages.js';
import { Places } from './lab-places.js';
import { Sentence } from './parts/term.js';
import { useRest } from './parts/use-rest.js';
import { initialValues, type Settings, type Values, writeSettings } from './settings.js';
import { useSettings } from './use-settings.js';

export function LabFrame({ page }: { page: LabPage }) {
  const [values, set] = useSettings(page.settings);
  const rested = useRest(values);
  return (
    <article className="lab-page">
      <Idea page={page} />
      <section aria-label={`Picture: ${page.title}`} className="lab-picture">
        <Suspense fallback={<Loading what={page.title} />}>
          <page.picture values={values} set={set} />
        </Suspense>
      </section>
      <Sharing page={page} values={rested} set={set} />
    </article>
  );
}

const Idea = memo(({ page }: { page: LabPage }) => (
  <>
    <Title order={1} size="h2">
      {page.title}
    </Title>
    <p className="lab-sentences">
      <Sentence text={page.sentences[0]} /> <Sentence text={page.sentences[1]} />
    </p>
  </>
));

interface SharingProps {
  readonly page: LabPage;
  /** As they are when the hand rests: nothing here is drawn again while something is dragged. */
  readonly values: Values<Settings>;
  readonly set: (change: Partial<Values<Settings>>) => void;
}

/** The link that keeps the settings, the program, the next page. */
const Sharing = memo(({ page, values, set }: SharingProps) => {
  const program = programText(page, values);
  const query = writeSettings(page.settings, values);
  const link = window.location.origin + window.location.pathname + (query && `?${query}`);
  const places = useContext(Places);
  const next = labPages[labPages.indexOf(page) + 1];
  return (
    <>
      <Group gap="xs">
        <CopyButton value={link}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? 'Link copied' : 'Copy link to these settings'}
            </Button>
          )}
        </CopyButton>
        <Button size="xs" variant="default" disabled={query === ''} onClick={() => set(initialValues(page.settings))}>
          As at first
        </Button>
      </Group>
      <Stack gap={6} component="section" aria-label="The code">
        <Group justify="space-between">
          <Title order={2} size="h4">
            The code that made it
          </Title>
          <CopyButton value={program}>
            {({ copied, copy }) => (
              <Button size="xs" variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy the code'}
              </Button>
            )}
          </CopyButton>
        </Group>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
        <pre className="lab-code" tabIndex={0}>
          <code>{program}</code>
        </pre>
        <Text size="xs" c="dimmed">
          An ES module for Node and browsers, where anygoal is installed. The picture calls the same function.
        </Text>
      </Stack>
      {next && (
        <Text size="sm">
          Next: <Link href={places.href(next.slug)}>{next.title}</Link>
        </Text>
      )}
    </>
  );
});
