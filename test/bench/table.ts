import { cpus, totalmem } from 'node:os';

/** One measured thing: a title, the heads of its columns, and its rows as text. */
export interface Table {
  title: string;
  columns: string[];
  rows: string[][];
  /** What a reader must know to read it right. */
  note?: string;
}

/** A measure that `npm run bench` runs. */
export interface Measure {
  name: string;
  run(): Promise<Table[]>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

export async function timeMs(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function show(value: number, digits = 1): string {
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: 0 });
}

export function renderTable({ title, columns, rows, note }: Table): string {
  const lines = [
    `### ${title}`,
    '',
    `| ${columns.join(' | ')} |`,
    `|${columns.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ];
  return `${lines.join('\n')}\n${note === undefined ? '' : `\n${note}\n`}`;
}

export function machineLine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform} ${process.arch}`;
}
