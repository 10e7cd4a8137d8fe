// Starts the lab on its own: static files in any folder of any web server.
import '@mantine/core/styles.css';
import '../studio.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LabApp } from '../lab/lab-app.js';
import { Places, staticPlaces } from '../lab/lab-places.js';
import { SchemeSwitch } from '../shell/scheme-switch.js';
import { cssVariables, theme } from '../shell/theme.js';

const places = staticPlaces(window.location.pathname.replace(/[^/]*$/, ''));

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Places value={places}>
        <a className="skip-link" href="#content">
          Skip to content
        </a>
        <header className="site-header">
          <a className="brand" href={places.href()}>
            <img src="./icon.svg" alt="" width={26} height={26} />
            <strong>anygoal lab</strong>
          </a>
          <SchemeSwitch />
        </header>
        <main id="content" className="site-main" tabIndex={-1}>
          <LabApp />
        </main>
      </Places>
    </MantineProvider>
  </StrictMode>,
);
