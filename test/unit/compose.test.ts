import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { TASK_QUEUE } from '../../contracts/messages.ts';
import { PROFILES, upCall } from '../../workers/containers/compose.ts';
import { containerUser, SECRET_NAMES } from '../../workers/containers/secrets.ts';
import { VARIABLES } from '../../workers/environment.ts';
import { SECRET_FILES, SECRETS } from '../../workers/secret-files.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
/** A setting of whoever starts it, with what holds where it is not set. */
const setting = (name: string, standard: string): string => `\${${name}:-${standard}}`;
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const Service = z.looseObject({
  image: z.string(),
  build: z.string().optional(),
  pull_policy: z.literal('never').optional(),
  command: z.array(z.string()).optional(),
  user: z.string(),
  read_only: z.literal(true),
  tmpfs: z.array(z.string()).min(1),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  restart: z.literal('unless-stopped'),
  stop_grace_period: z.literal('60s'),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  profiles: z.array(z.string()).default([]),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()).min(2),
      start_period: z.literal('300s'),
      start_interval: z.string(),
      interval: z.string(),
      timeout: z.string(),
      retries: z.number(),
    })
    .optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).default({}),
});

const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
  volumes: z.record(z.string(), z.null()),
});

const text = read('docker-compose.yml');
const stack = Compose.parse(parse(text, { merge: true }));
const { services } = stack;
const every = Object.entries(services);
const ours = every.filter(([, { image }]) => image.startsWith('governor:'));
/** What looks on from outside. */
const observing = every.filter(([, { profiles }]) => profiles.includes('observe'));
/** Whose image holds a single program, which cannot ask itself whether it is well. */
const UNASKED = ['collector'];

describe('docker-compose.yml', () => {
  it('has no profile that npm run down forgets', () => {
    const profiles = every.flatMap(([, service]) => service.profiles);
    expect([...new Set(profiles)].sort()).toEqual([...PROFILES].sort());
  });

  it('has the whole house: a service for each role, the database, Temporal with its Web UI (CD-74)', () => {
    const house = every.filter((service) => !observing.includes(service));
    expect(house.map(([name]) => name).sort()).toEqual(
      ['api', 'family', 'outside', 'postgres', 'temporal', 'tools', 'ui', 'worker'].sort(),
    );
    expect(ours).toHaveLength(6);
    for (const [, { command, build, pull_policy }] of ours) {
      expect(build ?? pull_policy).toBe(build ? '.' : 'never');
      const [entry = 'workers/worker.ts'] = command ?? [];
      expect(statSync(join(ROOT, entry)).isFile()).toBe(true);
    }
  });

  it.each(every)('%s writes nowhere but where it may, has no rights, heals and is looked after', (name, service) => {
    // The shape above holds it; what is mounted from this machine cannot be written either.
    const mounts = service.volumes.filter((volume) => /^[.$/]/.test(volume));
    expect(mounts.filter((mount) => !mount.endsWith(':ro'))).toEqual([]);
    expect(service.healthcheck?.test[0]).toBe(UNASKED.includes(name) ? undefined : 'CMD');
  });

  it('runs nothing of ours as root', () => {
    for (const [, { user }] of ours) expect(user).toBe(setting('GOVERNOR_USER', '1000:1000'));
    expect(containerUser(0, 0)).toEqual({ uid: 1000, gid: 1000 });
    expect(containerUser(501, 20)).toEqual({ uid: 501, gid: 20 });
    expect(read('Dockerfile')).toMatch(/^USER node$/m);
    expect(every.filter(([, { user }]) => user.startsWith('0')).map(([name]) => name)).toEqual(['temporal']);
  });

  it('is reached from this machine alone', () => {
    const ports = every.flatMap(([, service]) => service.ports);
    expect(ports).toHaveLength(6);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/);
    expect(text).not.toMatch(/network_mode|privileged|cap_add|docker\.sock/);
  });

  it('publishes the Web UI without what it can do', () => {
    const published = every.filter(([, { ports }]) => ports.some((port) => port.endsWith(':8233')));
    expect(published.map(([name]) => name)).toEqual(['ui']);
    expect(services['ui']?.command).toEqual(['workers/ui.ts']);
    expect(services['ui']?.environment['UI_UPSTREAM_URL']).toBe('http://temporal:8233');
  });

  it('gives secrets as files alone', () => {
    for (const [, { environment }] of every) {
      expect(Object.keys(environment).filter((name) => SECRETS.some((secret) => secret === name))).toEqual([]);
      expect(Object.keys(environment).filter((name) => /TOKEN$|SECRET$|PASSWORD$|KEY$/.test(name))).toEqual([]);
    }
    for (const [, { environment, secrets }] of every) {
      const named = Object.entries(environment).filter(([name]) =>
        [...SECRET_FILES, 'POSTGRES_PASSWORD_FILE', 'GF_SECURITY_ADMIN_PASSWORD__FILE'].includes(name),
      );
      expect(named.map(([, file]) => file).sort()).toEqual(secrets.map((name) => `/run/secrets/${name}`).sort());
    }
    expect(Object.keys(stack.secrets).sort()).toEqual([...SECRET_NAMES].sort());
    for (const [name, { file }] of Object.entries(stack.secrets)) {
      expect(file).toBe(`${setting('GOVERNOR_SECRETS', './.secrets')}/${name}`);
    }
    expect(read('.gitignore')).toMatch(/^\.secrets\/$/m);
  });

  it('gives the key that signs answers to the API alone', () => {
    const signing = every.filter(([, { volumes }]) => volumes.some((volume) => volume.includes('/private:')));
    expect(signing.map(([name]) => name)).toEqual(['api']);
  });

  it('sets nothing that nobody reads', () => {
    const ofTheCli = ['TEMPORAL_ADDRESS'];
    for (const [, { environment }] of ours) {
      const unknown = Object.keys(environment).filter((name) => ![...VARIABLES, ...ofTheCli].includes(name));
      expect(unknown).toEqual([]);
    }
  });

  it('serves a family of agents by workers of its own, from an image of its own, when asked to (CD-79)', () => {
    const { family, worker } = services;
    expect(family?.profiles).toEqual(['family']);
    expect(worker?.environment['WORKER_QUEUES'] ?? TASK_QUEUE).toBe(TASK_QUEUE);
    expect(family?.environment).toEqual({
      ...worker?.environment,
      WORKER_QUEUES: setting('FAMILY_QUEUES', 'governor-family'),
    });
    expect(family?.image).toBe(`governor:${setting('FAMILY_VERSION', 'latest')}`);
    expect(worker?.image).toBe(`governor:${setting('GOVERNOR_VERSION', 'latest')}`);
  });

  it('has what looks on beside it when asked to: metrics with their alerts, traces, and who shows both (OB-90)', () => {
    expect(observing.map(([name]) => name).sort()).toEqual(['collector', 'grafana', 'prometheus', 'traces']);
    for (const [, { image }] of observing) expect(image).toMatch(/:(v?\d+\.\d+\.\d+|\$\{[A-Z_]+:-v\d+\.\d+\.\d+\})$/);
    const { prometheus, collector, grafana } = services;
    expect(prometheus?.volumes).toContain('./ops/prometheus:/etc/prometheus:ro');
    expect(prometheus?.command).toContain('--enable-feature=exemplar-storage');
    expect(collector?.volumes).toContain('./ops/otel-collector.yaml:/etc/otel-collector.yaml:ro');
    expect(grafana?.volumes).toEqual(
      expect.arrayContaining([
        './ops/grafana/provisioning:/etc/grafana/provisioning:ro',
        './ops/grafana/dashboards:/etc/grafana/dashboards:ro',
      ]),
    );
    // Whoever tells Prometheus something tells the collector as well.
    const telling = ours.filter(([, { environment }]) => 'METRICS_PORT' in environment);
    expect(telling.map(([name]) => name).sort()).toEqual(['api', 'family', 'tools', 'worker']);
    for (const [, { environment }] of telling)
      expect(environment['OTEL_EXPORTER_OTLP_ENDPOINT']).toBe(setting('OTEL_EXPORTER_OTLP_ENDPOINT', ''));
  });
});

describe('npm run up', () => {
  it('starts what looks on with --observe, and has everybody send spans there', () => {
    const up = ['up', '-d', '--build', '--wait', '--scale', 'worker=3'];
    expect(upCall(['--scale', 'worker=3'])).toEqual({ words: up, settings: {} });
    expect(upCall(['--observe', '--scale', 'worker=3'])).toEqual({
      words: ['--profile', 'observe', ...up],
      settings: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' },
    });
    const { collector } = services;
    expect(collector?.profiles).toEqual(['observe']);
  });
});
