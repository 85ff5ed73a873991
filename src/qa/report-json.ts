import { z } from 'zod';
import type { RawCase } from './read-report.ts';

/** What `jest --json` and vitest's `json` reporter share. */
const JsonReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string().optional(),
      status: z.string().optional(),
      message: z.string().nullish(),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()).default([]),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/** Null when the text is not one JSON document of that form. A file that failed without a failed case is a failed case. */
export function readJsonReport(text: string): RawCase[] | null {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return null;
  }
  const report = JsonReport.safeParse(content);
  if (!report.success) return null;
  return report.data.testResults.flatMap((file) => {
    const cases = file.assertionResults.map((result): RawCase => {
      const status = result.status === 'passed' ? 'passed' : result.status === 'failed' ? 'failed' : 'skipped';
      return {
        path: [...result.ancestorTitles, result.title],
        status,
        message: (result.failureMessages ?? []).join('\n'),
      };
    });
    const failedAlone = file.status === 'failed' && !cases.some((each) => each.status === 'failed');
    const whole: RawCase = { path: [file.name ?? 'test file'], status: 'failed', message: file.message ?? '' };
    return failedAlone ? [...cases, whole] : cases;
  });
}
