/**
 * A seccomp filter (classic BPF, the format that `bwrap --seccomp FD` reads) that answers ENOSYS to system calls by
 * which a process can hold memory that no size of /tmp and no sum of resident pages shows, and to a few large
 * kernel surfaces that no test needs. Programs that meet ENOSYS fall back, as they do on older kernels.
 * Numbers: Linux `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`.
 */
const REFUSED: Readonly<Record<'x64' | 'arm64', readonly number[]>> = {
  // memfd_create memfd_secret shmget msgget | io_uring_setup bpf perf_event_open userfaultfd add_key request_key keyctl
  x64: [319, 447, 29, 68, 425, 321, 298, 323, 248, 249, 250],
  arm64: [279, 447, 194, 186, 425, 280, 241, 282, 217, 218, 219],
};

/** `AUDIT_ARCH_*` of linux/audit.h. */
const ARCHITECTURE = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;

const LOAD_WORD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const REFUSE_ENOSYS = 0x00050000 | 38;
/** x64 kernels accept a second numbering ("x32") from this bit on; without a bound it would walk round the list. */
const X32_BIT = 0x40000000;

/** The filter's bytes, or null for a processor that it was not written for. */
export function seccompFilter(processor: string): Buffer | null {
  if (processor !== 'x64' && processor !== 'arm64') return null;
  const refused = REFUSED[processor];
  const rows: [code: number, ifTrue: number, ifFalse: number, value: number][] = [];
  const refuseAt = 4 + refused.length + 1;
  const toRefuse = (): number => refuseAt - rows.length - 1;
  rows.push([LOAD_WORD, 0, 0, 4]);
  rows.push([JUMP_IF_EQUAL, 0, toRefuse(), ARCHITECTURE[processor]]);
  rows.push([LOAD_WORD, 0, 0, 0]);
  rows.push([JUMP_IF_AT_LEAST, toRefuse(), 0, X32_BIT]);
  for (const call of refused) rows.push([JUMP_IF_EQUAL, toRefuse(), 0, call]);
  rows.push([RETURN, 0, 0, ALLOW]);
  rows.push([RETURN, 0, 0, REFUSE_ENOSYS]);

  const bytes = Buffer.alloc(rows.length * 8);
  rows.forEach(([code, ifTrue, ifFalse, value], row) => {
    bytes.writeUInt16LE(code, row * 8);
    bytes.writeUInt8(ifTrue, row * 8 + 2);
    bytes.writeUInt8(ifFalse, row * 8 + 3);
    bytes.writeUInt32LE(value, row * 8 + 4);
  });
  return bytes;
}
