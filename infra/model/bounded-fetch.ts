/** A chunk of a stream takes some 250 bytes a token, so this is far beyond the longest answer of any model. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** The answer never seems to end; what came of it is thrown away. */
export class AnswerTooLong extends Error {
  constructor() {
    super(`it is longer than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`);
  }
}

/** As `fetch`, and no body is read beyond a bound, counted as it is after decompression. */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.body === null) return response;
  let bytes = 0;
  const bound = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > MAX_ANSWER_BYTES) controller.error(new AnswerTooLong());
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(bound), { status, statusText, headers });
};
