import type { Dispatcher } from 'undici';

/**
 * An undici interceptor that says when a request goes onto the wire: undici starts a request when its connection
 * stands, right before writing to it. Before that moment nothing can have been executed.
 */
export function announcing(onSent: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        handler.onRequestStart?.(controller, context);
        // One that was aborted while it waited for the connection ends here.
        if (!controller.aborted) onSent();
      },
      onRequestSent: () => handler.onRequestSent?.(),
      onRequestUpgrade: (controller, status, headers, socket) =>
        handler.onRequestUpgrade?.(controller, status, headers, socket),
      onResponseStart: (controller, status, headers, message) =>
        handler.onResponseStart?.(controller, status, headers, message),
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
      onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
    });
}
