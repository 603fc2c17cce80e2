import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

const compiled = (parser) => [
  '@swc/jest',
  {
    jsc: { target: 'es2023', parser, transform: { react: { runtime: 'automatic', importSource: 'preact' } } },
  },
];

const project = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: {
    '^.+\\.ts$': compiled({ syntax: 'typescript' }),
    '^.+\\.tsx$': compiled({ syntax: 'typescript', tsx: true }),
  },
  setupFilesAfterEnv: ['<rootDir>/test/support/guard.ts'],
  testEnvironment: 'node',
});

/** Browser tests where there is a browser; where one is required (CI), its absence is a failure, never a skip. */
function browserProjects() {
  if (existsSync(CHROMIUM)) return [project('browser')];
  if (process.env.REQUIRE_BROWSER === '1')
    throw new Error(`No Chromium at ${CHROMIUM}: install it (Debian: chromium).`);
  process.stderr.write(
    `Browser tests skipped: no Chromium at ${CHROMIUM} (set CHROMIUM_PATH if it is elsewhere).\n`,
  );
  return [];
}

export default {
  // Two at a time also where there are only two cores: much of a test's time is waiting.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // The long forms of the fault tests (npm run test:soak) take minutes each.
  testTimeout: process.env.SOAK === '1' ? 30 * 60_000 : 60_000,
  projects: [project('unit'), project('integration'), project('process'), ...browserProjects()],
};
