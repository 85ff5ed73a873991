import { FactoryError } from '#src/errors.ts';

/** What the `Model` port throws, apart from the reason of an aborted signal. */
export type ModelFailureCode =
  | 'model-key-refused'
  | 'model-unknown'
  | 'model-window-too-small'
  | 'model-request-refused'
  | 'model-busy'
  | 'model-quota'
  | 'model-unreachable';

/** A call that got no answer. Messages name the model and its host, never the key. */
export class ModelFailure extends FactoryError {
  /** The endpoint may have worked on the request, and may charge for it, though nothing of its answer is used. */
  readonly maySpend: boolean;

  constructor(
    code: ModelFailureCode,
    message: string,
    options: { fix: string; maySpend: boolean; retryable?: boolean },
  ) {
    super(code, message, { fix: options.fix, retryable: options.retryable ?? false });
    this.name = 'ModelFailure';
    this.maySpend = options.maySpend;
  }
}
