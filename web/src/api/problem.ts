// What the server says when it refuses: RFC 9457 problem documents, with the field at fault.

export interface Finding {
  severity?: 'error' | 'warning';
  code?: string;
  pointer?: string;
  detail?: string;
}

export interface ProblemDocument {
  title?: string;
  status: number;
  detail?: string;
  code?: string;
  errors?: Finding[];
}

/** An answer that is no success. `document` is what the server said about it. */
export class Problem extends Error {
  readonly status: number;
  readonly document: ProblemDocument;
  readonly etag: string;
  readonly retryAfter: number;

  constructor(document: ProblemDocument, etag = '', retryAfter = 0) {
    super(document.detail ?? document.title ?? String(document.status));
    this.name = 'Problem';
    this.status = document.status;
    this.document = document;
    this.etag = etag;
    this.retryAfter = retryAfter;
  }
}

export function problemOf(error: unknown): ProblemDocument | undefined {
  return error instanceof Problem ? error.document : undefined;
}

/** Findings by the pointer of their field; those without one are under ''. */
export function findingsByField(findings: Finding[] | undefined): Map<string, Finding[]> {
  const byField = new Map<string, Finding[]>();
  for (const finding of findings ?? []) {
    const pointer = finding.pointer ?? '';
    byField.set(pointer, [...(byField.get(pointer) ?? []), finding]);
  }
  return byField;
}
