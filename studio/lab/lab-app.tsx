// The lab: the list of its pages, and the page that the address names.
import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useContext, useEffect, useRef } from 'react';
import { ErrorBoundary } from '../shell/error-boundary.js';
import { Link, usePath } from '../shell/router.js';
import { Empty } from '../shell/states.js';
import { LabFrame } from './lab-frame.js';
import { labPages } from './lab-pages.js';
import { Places } from './lab-places.js';
import './styles/frame.css';
import './styles/figures.css';
import './styles/drawings.css';
import './styles/pictures.css';

export function LabApp() {
  const places = useContext(Places);
  const slug = places.slug(usePath());
  const page = labPages.find((candidate) => candidate.slug === slug);
  useEffect(() => {
    document.title = `${page ? page.title : 'Lab'} · anygoal`;
  }, [page]);
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where the list of pages is wider than the window, the open one is in its middle.
    const open = nav.current?.querySelector<HTMLElement>(`a[href="${places.href(slug)}"]`);
    if (nav.current && open)
      nav.current.scrollLeft = open.offsetLeft + (open.offsetWidth - nav.current.clientWidth) / 2;
  }, [places, slug]);
  return (
    <div className="lab">
      <nav aria-label="Pages of the lab" className="lab-pages" ref={nav}>
        <Link href={places.href()} aria-current={slug === undefined ? 'page' : undefined}>
          All
        </Link>
        {labPages.map((other) => (
          <Link key={other.slug} href={places.href(other.slug)} aria-current={other === page ? 'page' : undefined}>
            {other.title}
          </Link>
        ))}
      </nav>
      {page ? (
        <ErrorBoundary key={page.slug}>
          <LabFrame page={page} />
        </ErrorBoundary>
      ) : slug === undefined ? (
        <Contents />
      ) : (
        <Empty title="There is no such page in the lab">
          <Link href={places.href()}>All pages</Link>
        </Empty>
      )}
    </div>
  );
}

function Contents() {
  const places = useContext(Places);
  return (
    <Stack gap="md">
      <Title order={1} size="h2">
        The lab
      </Title>
      <Text maw={720}>
        The ideas of goal-conditioned and multi-task reinforcement learning (Stanford CS 224R, lecture 12) to touch.
        What a page shows, the library computes here, in the browser; the code stands below each picture.
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        {labPages.map(({ slug, title, question }) => (
          <Link key={slug} href={places.href(slug)} className="lab-card">
            <strong>{title}</strong>
            <span>{question}</span>
          </Link>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
