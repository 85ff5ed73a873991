import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '#src/config.ts';
import { settings } from '#src/settings.ts';

const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

interface Service {
  environment?: Record<string, string>;
  ports?: string[];
  command?: string[];
  user?: string;
  privileged?: boolean;
  cap_add?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  read_only?: boolean;
  volumes?: string[];
  network_mode?: string;
  networks?: string[];
  healthcheck?: { test?: string[]; disable?: boolean };
}
const compose = parse(read('docker-compose.yml')) as {
  services: Record<'factory' | 'door' | 'postgres' | 'redis', Service>;
  networks: Record<string, { internal?: boolean } | null>;
};
const services = Object.entries<Service>(compose.services);
const { factory, door, postgres, redis } = compose.services;

/** What compose makes of `${NAME:-default}` when the person sets nothing. */
const withDefaults = (text: string) => text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');

describe('docker-compose.yml', () => {
  it('sets only settings that exist, to values that the configuration accepts', () => {
    const environment = Object.fromEntries(
      Object.entries(factory.environment ?? {}).map(([name, value]) => [name, withDefaults(String(value))]),
    );
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(Object.keys(environment)));
    const config = loadConfig(environment, '/app');
    expect(config).toMatchObject({ port: 4747, dataDir: '/data', approvers: ['local'], sandbox: 'bubblewrap' });
    expect(new URL(config.databaseUrl ?? '').hostname in compose.services).toBe(true);
    expect(new URL(config.redisUrl ?? '').hostname in compose.services).toBe(true);
  });

  it('passes every setting on, so that none has to be looked for elsewhere', () => {
    expect(Object.keys(factory.environment ?? {}).sort()).toEqual(Object.keys(settings).sort());
  });

  it('publishes one port, on loopback only', () => {
    const published = services.flatMap(([, service]) => service.ports ?? []).map(withDefaults);
    expect(published).toEqual(['127.0.0.1:4747:8080']);
    expect(door.command?.map(withDefaults)).toEqual(['node', 'infra/docker/door.ts', '8080', '4747']);
    expect(door.network_mode).toBe('service:factory');
  });

  it('keeps the stores on a network without a way out', () => {
    expect([postgres.networks, redis.networks]).toEqual([['back'], ['back']]);
    expect(compose.networks['back']).toEqual({ internal: true });
  });

  it('lets Redis forget no job', () => {
    expect(redis.command?.join(' ')).toContain('--maxmemory-policy noeviction');
    expect(redis.command?.join(' ')).toContain('--appendonly yes');
  });

  it('connects as a user that is no superuser', () => {
    const user = new URL(withDefaults(factory.environment?.['DATABASE_URL'] ?? '')).username;
    expect(user).not.toBe(postgres.environment?.['POSTGRES_USER']);
    expect(read('infra/docker/create-database.sh')).toContain(`CREATE ROLE ${user} LOGIN NOSUPERUSER`);
  });

  it('confines what runs code: no privilege, no capability, a read-only root, not root', () => {
    for (const service of [factory, door]) {
      expect(service).toMatchObject({ cap_drop: ['ALL'], read_only: true });
      expect(service.security_opt).toContain('no-new-privileges:true');
      expect(service.privileged ?? false).toBe(false);
      expect(service.cap_add ?? []).toEqual([]);
    }
    expect([factory.user, door.user]).toEqual([undefined, undefined]); // so it is the user of the image
    expect(JSON.stringify(compose)).not.toMatch(/docker\.sock|seccomp[:=]unconfined/);
  });

  it('asks each service whether it is well, but the door, which is only as well as the room', () => {
    const checked = services.filter(([, service]) => service.healthcheck?.test !== undefined).map(([name]) => name);
    expect(checked).toEqual(['postgres', 'redis']);
    expect(read('infra/docker/Dockerfile')).toContain('HEALTHCHECK');
    expect(door.healthcheck?.disable).toBe(true);
  });
});

describe('infra/docker/seccomp.json', () => {
  const profile = JSON.parse(read('infra/docker/seccomp.json')) as {
    defaultAction: string;
    syscalls: { names: string[]; action: string }[];
  };
  const refused = profile.syscalls.flatMap(({ names, action }) => (action === 'SCMP_ACT_ERRNO' ? names : []));

  it('is the file that the factory runs under', () => {
    expect(factory.security_opt).toContain('seccomp:infra/docker/seccomp.json');
  });

  it('refuses what reaches the kernel and other processes', () => {
    for (const call of ['init_module', 'kexec_load', 'bpf', 'ptrace', 'open_by_handle_at', 'keyctl', 'reboot'])
      expect(refused).toContain(call);
  });

  it('leaves bubblewrap what it needs', () => {
    for (const call of ['clone', 'clone3', 'unshare', 'mount', 'umount2', 'pivot_root', 'prctl', 'seccomp', 'setns'])
      expect(refused).not.toContain(call);
  });
});

describe('infra/docker/Dockerfile', () => {
  const dockerfile = read('infra/docker/Dockerfile');

  it('copies what exists, and what .dockerignore lets through', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = [...dockerfile.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, files]) => files?.split(' ') ?? []);
    expect(copied.filter((file) => !existsSync(new URL(`../../../${file}`, import.meta.url)))).toEqual([]);
    expect(copied.filter((file) => !allowed.includes(file))).toEqual([]);
  });

  it('ends as a user without rights, running Node itself so that signals arrive', () => {
    expect(dockerfile.match(/^USER (.+)$/gm)?.at(-1)).toBe('USER node');
    expect(dockerfile).toMatch(/^CMD \["node", "src\/main.ts", "start"\]$/m);
  });
});

describe('.env.example', () => {
  it('lists every setting with its default', () => {
    const listed = Object.fromEntries(
      [...read('.env.example').matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    );
    expect(listed).toEqual(Object.fromEntries(Object.entries(settings).map(([name, entry]) => [name, entry.default])));
  });

  it('changes nothing when it is copied as it is', () => {
    expect(read('.env.example')).not.toMatch(/^[^#\n]/m);
  });
});
