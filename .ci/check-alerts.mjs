/** Runs the tests of the alerts where promtool (of Prometheus) is there, and says so where it is not. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'ops', 'prometheus');
const { error, status } = spawnSync('promtool', ['test', 'rules', 'alerts.test.yml'], {
  cwd: folder,
  stdio: 'inherit',
});

if (error?.code === 'ENOENT') {
  console.log('Not run: there is no promtool here. It comes with Prometheus (apt-get install prometheus).');
} else if (error) {
  throw error;
} else {
  process.exitCode = status ?? 1;
}
