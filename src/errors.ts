/**
 * The one error that people see: what went wrong, why, and what to do about it.
 * `code` is kebab-case and stable (scripts match on it); `fix` is an instruction to a person.
 */
export class FactoryError extends Error {
  readonly code: string;
  readonly fix: string;
  /** True when the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** True when nobody who uses the workbench could have avoided it: a fault of the workbench itself. */
  readonly isOwnFault: boolean;

  constructor(
    code: string,
    message: string,
    options: { fix: string; retryable?: boolean; isOwnFault?: boolean; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'FactoryError';
    this.code = code;
    this.fix = options.fix;
    this.retryable = options.retryable ?? false;
    this.isOwnFault = options.isOwnFault ?? false;
  }
}

/** The shape that `--json` prints for an error: `{error: {code, message, fix}}`. */
export interface ErrorReport {
  error: { code: string; message: string; fix: string };
}

export function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof FactoryError) {
    return { error: { code: error.code, message: error.message, fix: error.fix } };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    error: {
      code: 'unexpected',
      message,
      fix: 'This is a fault of the workbench. Run the command again with LOG_LEVEL=debug and report the output.',
    },
  };
}
