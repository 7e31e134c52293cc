/** Has promtool (of Prometheus) check the rules and settings and run the tests of the alerts, and says so where there is none. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'ops', 'prometheus');
const CALLS = [
  ['check', 'rules', 'alerts.yml'],
  ['check', 'config', 'prometheus.yml', 'on-this-machine.yml'],
  ['test', 'rules', 'alerts.test.yml'],
];

for (const words of CALLS) {
  const { error, status } = spawnSync('promtool', words, { cwd: folder, stdio: 'inherit' });
  if (error?.code === 'ENOENT') {
    console.log('Not run: there is no promtool here. It comes with Prometheus (apt-get install prometheus).');
    break;
  }
  if (error) throw error;
  if (status !== 0) process.exitCode = status ?? 1;
}
