import { defineConfig } from '@playwright/test'

// One server over the demo's town serves all journeys; each journey makes what it changes for itself. The officer's year
// begins with an empty 2026, once with and once without scripts: two more servers, each of its own.
const port = Number(process.env.PUFA_E2E_PORT ?? 3117)
const serve = (port: number, today: string) => ({
  command: 'bash ./serve.sh',
  url: `http://127.0.0.1:${port}/readyz`,
  reuseExistingServer: false,
  gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 10_000 },
  env: { PUFA_E2E_PORT: String(port), PUFA_TODAY: today },
})

export default defineConfig({
  testDir: './journeys',
  outputDir: './test-results',
  // Generous: a walk through every room with axe on two busy cores.
  timeout: 240_000,
  expect: { timeout: 20_000 },
  workers: 2,
  retries: 1,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    trace: 'retain-on-failure',
    // A page that fades in swallows a click that comes within its first moments.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env.PUFA_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: [serve(port, '2021-12-20'), serve(port + 1, '2026-01-05'), serve(port + 2, '2026-01-05')],
})
