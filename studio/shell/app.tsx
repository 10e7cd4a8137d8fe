// The frame around all pages: navigation, title, colour scheme, connection, errors.
import { AppShell, Container, Group, Text } from '@mantine/core';
import { Suspense, useEffect, useLayoutEffect } from 'react';
import { pages } from '../pages.js';
import { BrowserCheck } from './browser-check.js';
import { ConnectionBanner } from './connection-banner.js';
import { ErrorBoundary } from './error-boundary.js';
import { Link, navigate, usePath } from './router.js';
import { SchemeSwitch } from './scheme-switch.js';
import { Empty, Loading } from './states.js';

export function App() {
  const path = usePath();
  const open = pages.find((page) => path === page.path || path.startsWith(`${page.path}/`));
  useEffect(() => {
    if (path === '/') navigate(pages[0].path, { replace: true });
  }, [path]);
  // Before the effects of the page itself, which may have a title for each of its own addresses.
  useLayoutEffect(() => {
    document.title = open ? `${open.label} · anygoal studio` : 'anygoal studio';
  }, [open]);

  return (
    <AppShell header={{ height: 56 }} padding={0}>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <AppShell.Header>
        <Group h="100%" px={{ base: 'sm', sm: 'lg' }} justify="space-between" wrap="nowrap">
          <Group gap="lg" wrap="nowrap" className="brand-and-pages">
            <Link href={pages[0].path} className="brand" aria-label="anygoal studio">
              <img src="/icon.svg" alt="" width={26} height={26} />
              <Text fw={700} visibleFrom="sm">
                anygoal
              </Text>
            </Link>
            <nav aria-label="Pages" className="pages">
              {pages.map(({ path: href, label }) => (
                <Link key={href} href={href} aria-current={open?.path === href ? 'page' : undefined}>
                  {label}
                </Link>
              ))}
            </nav>
          </Group>
          <Group gap="xs" wrap="nowrap" className="switches">
            <BrowserCheck />
            <SchemeSwitch />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Main id="content" tabIndex={-1}>
        <ConnectionBanner />
        <Container fluid px={{ base: 'sm', sm: 'lg' }} py="md">
          {open ? (
            <ErrorBoundary key={open.path}>
              <Text c="dimmed" size="sm" mb="md" maw={900}>
                {open.about}
              </Text>
              <Suspense fallback={<Loading what={open.label} />}>
                <open.component />
              </Suspense>
            </ErrorBoundary>
          ) : path === '/' ? null : (
            <Empty title="There is no such page">
              <Link href={pages[0].path}>Go to {pages[0].label}</Link>
            </Empty>
          )}
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}
