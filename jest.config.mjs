const project = (name, testTimeout) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }],
  },
  setupFilesAfterEnv: ['<rootDir>/test/support/guard.ts'],
  testEnvironment: 'node',
  testTimeout,
});

export default {
  projects: [
    project('unit', 10_000),
    project('integration', 30_000),
    project('process', 60_000),
    project('browser', 60_000),
  ],
};
