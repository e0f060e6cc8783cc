import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { applyTheme, storedTheme } from './theme.js';
import './styles/base.css';
import './styles/shell.css';
import './styles/wall.css';
import './styles/zones.css';
import './styles/alerts.css';
import './styles/pages.css';

applyTheme(storedTheme());
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
