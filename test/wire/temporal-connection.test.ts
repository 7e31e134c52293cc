import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../workers/config.ts';
import { makeCertificates } from '../support/certificates.ts';

interface Heard {
  readonly path: string;
  readonly apiKey: string | undefined;
  /** Common name of the client's certificate. */
  readonly from: string | undefined;
}

/** What a Temporal server behind TLS hears of a worker and of a client that are configured as the Temporal CLI is. */
describe('a connection to a server with TLS and API keys', () => {
  let folder: string;
  let server: Http2SecureServer;
  let port: number;
  let pem: Awaited<ReturnType<typeof makeCertificates>>;
  const heard: Heard[] = [];
  const sessions = new Set<ServerHttp2Session>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'governor-tls-'));
    pem = await makeCertificates(folder);
    const [key, cert, ca] = await Promise.all(['server.key', 'server.crt', 'ca.crt'].map((file) => pem.read(file)));
    server = createSecureServer({ key, cert, ca, requestCert: true, rejectUnauthorized: true } as object);
    server.on('session', (session) => sessions.add(session));
    server.on('sessionError', () => undefined);
    server.on('stream', (stream, headers) => {
      const socket = stream.session?.socket;
      const from = socket instanceof TLSSocket ? String(socket.getPeerCertificate().subject?.CN) : undefined;
      heard.push({ path: String(headers[':path']), apiKey: headers.authorization, from });
      // An empty answer: enough for a connection to stand.
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.alloc(5));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    for (const session of sessions) session.destroy();
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    heard.length = 0;
  });

  const none = { TEMPORAL_CONFIG_FILE: join(import.meta.dirname, 'no-such-file.toml') };
  const fromEnvironment = () => ({
    ...none,
    TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
    TEMPORAL_NAMESPACE: 'orders.a1b2c',
    TEMPORAL_API_KEY: 'key-of-the-environment',
    TEMPORAL_TLS_CLIENT_CERT_PATH: pem.path('client.crt'),
    TEMPORAL_TLS_CLIENT_KEY_PATH: pem.path('client.key'),
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: pem.path('ca.crt'),
    TEMPORAL_TLS_SERVER_NAME: 'temporal.test',
  });
  const fromFile = async () => {
    const file = join(folder, 'temporal.toml');
    await writeFile(
      file,
      `[profile.cloud]
address = "127.0.0.1:${port}"
namespace = "orders.a1b2c"
api_key = "key-of-the-file"
[profile.cloud.tls]
client_cert_path = "${pem.path('client.crt')}"
client_key_path = "${pem.path('client.key')}"
server_ca_cert_path = "${pem.path('ca.crt')}"
server_name = "temporal.test"
`,
    );
    return { TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'cloud' };
  };
  /** As a worker does, and as a client does. */
  const connectBoth = async (env: Record<string, string>) => {
    const { address, namespace, connectionOptions } = loadConfig(env).temporal;
    const options = { ...connectionOptions, address: address ?? '' };
    await (await NativeConnection.connect(options)).close();
    await (await Connection.connect(options)).close();
    return namespace;
  };

  it('is made with the certificate and the key that the environment names, by worker and client', async () => {
    expect(await connectBoth(fromEnvironment())).toBe('orders.a1b2c');
    expect(heard.length).toBeGreaterThanOrEqual(2);
    for (const each of heard)
      expect(each).toMatchObject({ apiKey: 'Bearer key-of-the-environment', from: 'governor-worker' });
  });

  it('is made with those of a profile of the Temporal CLI, and the environment has the last word', async () => {
    expect(await connectBoth(await fromFile())).toBe('orders.a1b2c');
    for (const each of heard) expect(each).toMatchObject({ apiKey: 'Bearer key-of-the-file', from: 'governor-worker' });
    heard.length = 0;
    const namespace = await connectBoth({
      ...(await fromFile()),
      TEMPORAL_API_KEY: 'newer',
      TEMPORAL_NAMESPACE: 'other',
    });
    expect([namespace, heard[0]?.apiKey]).toEqual(['other', 'Bearer newer']);
  });

  it('is not made to a server that somebody else vouches for, nor without a certificate of ours', async () => {
    const { TEMPORAL_TLS_SERVER_CA_CERT_PATH: _ca, ...unknown } = fromEnvironment();
    await expect(connectBoth(unknown)).rejects.toThrow();
    const { TEMPORAL_TLS_CLIENT_CERT_PATH: _cert, TEMPORAL_TLS_CLIENT_KEY_PATH: _key, ...nameless } = fromEnvironment();
    await expect(connectBoth(nameless)).rejects.toThrow();
    await expect(connectBoth({ ...fromEnvironment(), TEMPORAL_TLS_SERVER_NAME: 'another.test' })).rejects.toThrow();
    expect(heard).toEqual([]);
  });

  it('uses TLS as soon as there is an API key, since it must not travel in clear', () => {
    const { connectionOptions } = loadConfig({
      ...none,
      TEMPORAL_ADDRESS: 'cloud.example:7233',
      TEMPORAL_API_KEY: 'k',
    }).temporal;
    expect(connectionOptions.tls).toBe(true);
  });

  it('says what is wrong with the settings, and no key', () => {
    const half = { ...none, TEMPORAL_CONFIG_FILE: pem.path('ca.key') };
    expect(() => loadConfig(half)).toThrow(/TEMPORAL_\*: the profile of the Temporal CLI cannot be used/);
    expect(() => loadConfig(half)).not.toThrow(/PRIVATE|MII/);
  });
});
