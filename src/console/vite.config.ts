import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the console into the package, with nothing that would be fetched from elsewhere. */
export default defineConfig({
  base: './',
  plugins: [react()],
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
