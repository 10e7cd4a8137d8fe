// Starts the pages.
import '@mantine/core/styles.css';
import 'uplot/dist/uPlot.min.css';
import './studio.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './shell/app.js';
import { cssVariables, theme } from './shell/theme.js';

/** The policy allows only styles with this answer's nonce. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
// Where the dialogs' scroll lock looks for it (the package get-nonce).
Object.assign(window, { __webpack_nonce__: nonce });

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <App />
    </MantineProvider>
  </StrictMode>,
);
