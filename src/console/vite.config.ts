import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * JSMpeg's package brings a style for a play button that is not used, and adds it when it is loaded: the gateway's
 * Content-Security-Policy would refuse it, loudly.
 */
const withoutStyle = (): Plugin => ({
  name: 'jsmpeg-without-style',
  transform: (code, id) => (id.includes('jsmpeg-player') ? code.replace('styleInject(css_248z);', '') : null),
});

/** Builds the console into the package, with nothing that would be fetched from elsewhere. */
export default defineConfig({
  base: './',
  plugins: [react(), withoutStyle()],
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    target: 'es2022',
    // The gateway's Content-Security-Policy takes no inline scripts, styles or data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
  // `npm run console`: the page of this tree, on a gateway that runs.
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } } },
});
