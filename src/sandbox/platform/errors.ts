/**
 * The platform refused. On the wire: HTTP `status` with `{ "code": …, "message": … }`.
 *
 * Codes are the platform's where one was seen (convex-backend source, recorded payloads); the closed management
 * server's unseen ones are ours and marked so in `docs/sandbox.md`.
 */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function badRequest(code: string, message: string): SandboxError {
  return new SandboxError(400, code, message);
}

export function forbidden(permission: string): SandboxError {
  return new SandboxError(
    403,
    'OperationNotPermitted',
    `You do not have permission to perform this operation (${permission}).`,
  );
}

export function notFound(code: string, message: string): SandboxError {
  return new SandboxError(404, code, message);
}
