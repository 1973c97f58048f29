import './styles/tokens.css';
import './styles/base.css';
import './styles/ui.css';
import './styles/shell.css';
import './styles/pages.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Refusal } from './api/client';
import { takeFromAddress } from './api/token';
import { App } from './App';
import { SpeechProvider } from './i18n';
import { applyTheme, storedTheme } from './shell/theme';

takeFromAddress(location, history);
applyTheme(storedTheme());

const MOST_ATTEMPTS = 2;
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      staleTime: 4000,
      // A refusal is an answer; only a server that cannot be reached is asked again.
      retry: (count, error) =>
        count < MOST_ATTEMPTS && error instanceof Refusal && (error.status === 0 || error.status === 503),
    },
  },
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <SpeechProvider>
          <App />
        </SpeechProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
