import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const openssl = (folder: string, ...args: string[]) => promisify(execFile)('openssl', args, { cwd: folder });

/** A certificate authority of a test's own in `folder`, with certificates for a server on this machine and for a client. */
export async function makeCertificates(folder: string) {
  const authority = ['-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=Test authority', '-days', '2'];
  await openssl(folder, 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...authority);
  for (const [name, subject] of [
    ['server', '/CN=temporal.test'],
    ['client', '/CN=governor-worker'],
  ] as const) {
    const asked = [
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      subject,
      '-addext',
      `subjectAltName=DNS:${subject.slice(4)}`,
    ];
    await openssl(folder, 'req', '-newkey', 'rsa:2048', '-nodes', ...asked);
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-copy_extensions', 'copy'];
    await openssl(folder, 'x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...signed);
  }
  const path = (file: string): string => join(folder, file);
  return { path, read: (file: string) => readFile(path(file)) };
}
