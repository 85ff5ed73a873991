/** Ends event streams when the server closes: they never end by themselves. */
export interface StreamCloser {
  /** The same response; an event stream becomes one that can be ended from here. */
  watch(response: Response): Response;
  closeAll(): void;
}

export function createStreamCloser(): StreamCloser {
  const open = new Set<() => void>();
  let closed = false;

  const watch = (response: Response): Response => {
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (!isStream || response.body === null) return response;
    const reader = response.body.getReader();
    let end = (): void => undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          end = () => {
            open.delete(end);
            controller.close();
            reader.cancel().catch(() => undefined);
          };
          open.add(end);
          if (closed) end();
        },
        async pull(controller) {
          const { done, value } = await reader.read();
          if (!open.has(end)) return;
          if (done) end();
          else controller.enqueue(value);
        },
        cancel(reason) {
          open.delete(end);
          return reader.cancel(reason);
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { status: response.status, headers: response.headers });
  };

  return {
    watch,
    closeAll: () => {
      closed = true;
      for (const end of [...open]) end();
    },
  };
}
