import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// For `npm run dev`: where the server listens.
const server = process.env['HARRIER_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022', outDir: 'dist', sourcemap: false, chunkSizeWarningLimit: 900 },
  // The tests read the sentences of the server's sources.
  server: { proxy: { '/api': server, '/readyz': server, '/version': server }, fs: { allow: ['.', '../src/model'] } },
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['src/test_setup.ts'] },
});
