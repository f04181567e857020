import { defineConfig } from 'vite';

// Built into the server's package, which serves the page at / and its files below /console/.
export default defineConfig({
  base: '/console/',
  build: {
    outDir: '../server/console',
    emptyOutDir: true,
    assetsDir: '',
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Nothing inline: the page's policy allows no style or picture that is not a file of its own.
    assetsInlineLimit: 0,
  },
});
