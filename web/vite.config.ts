import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { fieldWorker } from './fieldWorker.ts'

// The server sends a policy that allows nothing inline, so no asset may become a
// data: address and no polyfill may be injected into the page.
export default defineConfig({
  plugins: [svelte(), fieldWorker()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // MapLibre alone is 1 MB raw; the limit is there to notice a second giant.
    chunkSizeWarningLimit: 1300,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: 'maplibre', test: /node_modules[\\/](maplibre-gl|@maplibre|@mapbox)/ }],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/tiles', '/basemap', '/healthz', '/readyz'].map((path) => [
        path,
        process.env['YIKE_URL'] ?? 'http://127.0.0.1:8080',
      ]),
    ),
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
  },
})
