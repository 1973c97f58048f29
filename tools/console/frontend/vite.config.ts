import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The assets are committed beside the Java sources, so that whoever has no Node gets the console all the same.
export default defineConfig({
  plugins: [react()],
  base: '/',
  build: {
    outDir: '../src/main/resources/dev/weft/console/web',
    emptyOutDir: true,
    // What is bundled keeps its licences with it.
    license: { fileName: 'licenses.txt' },
    assetsDir: 'assets',
    // The policy of the server allows no data: scripts and no inline styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  // `npm run dev` answers the API.
  server: {
    host: '127.0.0.1',
    proxy: { '/api': 'http://127.0.0.1:5174', '/dev/scene': 'http://127.0.0.1:5174' },
  },
  test: { environment: 'jsdom', include: ['test/**/*.test.{ts,tsx}'] },
});
