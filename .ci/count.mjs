// Adds up what .ci/run saw: node .ci/count.mjs <vitest's JSON> <exit code of the tests> <exit code of the check>
import { readFileSync } from 'node:fs';

const [file, tests, check] = process.argv.slice(2);
const { passed, failed } = withCheck(withExitCode(counted(file)));

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Tests by vitest's own count. A file that could not even be loaded has no tests and is one failure. */
function counted(path) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(path, 'utf8'));
    const broken = testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
    );
    return { passed: numPassedTests, failed: numFailedTests + broken.length };
  } catch {
    // No result is not a good one, whatever the exit code says.
    return { passed: 0, failed: 1 };
  }
}

/** vitest also fails for what belongs to no test: an unhandled error, a set-up that threw, no tests at all. */
function withExitCode({ passed, failed }) {
  return { passed, failed: tests !== '0' && failed === 0 ? 1 : failed };
}

function withCheck({ passed, failed }) {
  return check === '0' ? { passed: passed + 1, failed } : { passed, failed: failed + 1 };
}
