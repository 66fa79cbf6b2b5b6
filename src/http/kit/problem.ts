import type { Duplex } from 'node:stream';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import { type Language, Problem } from '../../lib/errors.ts';
import { headerName } from './headers.ts';
import { JSON_LIMITS } from './json-bounds.ts';
import { baseUrl } from './links.ts';
import { PROBLEM_TYPE } from './media-types.ts';
import { negotiateLanguage } from './negotiate.ts';
import { type BytesReply, jsonReply, type Reply, send } from './reply.ts';

/** Title of each problem status. */
export const STATUS_TITLES: Record<Language, Record<number, string>> = {
  vi: {
    400: 'Yêu cầu chưa đúng',
    401: 'Khóa API không dùng được',
    403: 'Không được phép',
    404: 'Không tìm thấy',
    405: 'Không dùng được phương thức này',
    406: 'Không có định dạng này',
    409: 'Xung đột',
    410: 'Không còn nữa',
    412: 'Đã thay đổi',
    413: 'Quá lớn',
    415: 'Không nhận định dạng này',
    422: 'Không xử lý được',
    429: 'Quá nhiều yêu cầu',
    500: 'Lỗi máy chủ',
    503: 'Máy chủ đang bận',
    504: 'Quá thời gian',
    507: 'Hết chỗ trên đĩa',
  },
  en: {
    400: 'Bad request',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'Not found',
    405: 'Method not allowed',
    406: 'Not acceptable',
    409: 'Conflict',
    410: 'Gone',
    412: 'Has changed',
    413: 'Too large',
    415: 'Unsupported media type',
    422: 'Cannot be processed',
    429: 'Too many requests',
    500: 'Server error',
    503: 'Busy',
    504: 'Timed out',
    507: 'No room on the disk',
  },
};

/** Returns an RFC 9457 problem: `detail` in the requested language, `details` in both. */
export function problemReply(problem: Problem, language: Language): BytesReply {
  return jsonReply(
    {
      type: `urn:diaba:problem:${problem.type}`,
      title: STATUS_TITLES[language][problem.status],
      status: problem.status,
      detail: problem.detail[language],
      details: problem.detail,
      ...problem.extra,
    },
    { type: PROBLEM_TYPE, status: problem.status, headers: { 'cache-control': 'no-store' } },
  );
}

/** Returns the problem that Express or its body parser found, before any handler sees the request. */
export function requestProblem(error: unknown): Problem | undefined {
  const { status, type } = error as { status?: number; type?: string };
  if (status === 413 || type === 'entity.too.large') {
    return new Problem('too-large', {
      vi: 'Nội dung yêu cầu lớn hơn 2 MB.',
      en: 'The request body is larger than 2 MB.',
    });
  }
  if (type === 'encoding.unsupported' || type === 'charset.unsupported' || status === 415) {
    return new Problem('unsupported-media-type', {
      vi: 'Nội dung yêu cầu phải là JSON mã UTF-8.',
      en: 'The body must be JSON in UTF-8.',
    });
  }
  if (type === 'entity.verify.failed') {
    const { depth, members, lists } = JSON_LIMITS;
    return new Problem('invalid-body', {
      vi: `Nội dung JSON lồng sâu quá ${depth} tầng, hoặc có quá ${members} thành viên hay ${lists} danh sách. Hãy chia nhỏ.`,
      en: `The JSON body is more than ${depth} levels deep, or has more than ${members} members or ${lists} lists. Split it.`,
    });
  }
  if (type?.startsWith('entity.') || type?.startsWith('request.')) {
    return new Problem('invalid-body', {
      vi: 'Nội dung yêu cầu không phải JSON đúng.',
      en: 'The request body is not valid JSON.',
    });
  }
  if (status === 400 || error instanceof URIError) {
    return new Problem('invalid-parameter', {
      vi: 'Địa chỉ có mã %xx không đúng.',
      en: 'The URL has a malformed %xx escape.',
    });
  }
  return undefined;
}

interface ProblemAnswers {
  readonly config: Config;
  readonly log: Logger;
  /** Returns the problem that a thrown value means to the client. */
  readonly explain: (error: unknown) => Problem;
  /** Renders a problem as a page for browsers. */
  readonly page: (problem: Problem, title: string, place: ProblemPlace) => Reply;
}

/** The URL that failed and the base URL, both empty if the request has no valid host. */
export interface ProblemPlace {
  readonly language: Language;
  readonly base: string;
  readonly url: string;
}

/**
 * Returns the last handler of the app. Every error becomes a problem document, and our own faults are logged in full.
 */
export function answerProblems({ config, log, explain, page }: ProblemAnswers) {
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = explain(error);
    if (problem.status === 500) log.error({ err: error, method: request.method, path: request.path }, 'request failed');
    const language = negotiateLanguage(request);
    const reply = wantsPage(request)
      ? page(problem, STATUS_TITLES[language][problem.status] ?? '', { language, ...whereIs(config, request) })
      : problemReply(problem, language);
    send(request, response, reply).catch(next);
  };
}

/** Returns the URLs for the links of a page, which are paths only if the request has no valid host. */
function whereIs(config: Config, request: Request): { base: string; url: string } {
  try {
    const base = baseUrl(config, request);
    return { base, url: base + request.originalUrl };
  } catch {
    return { base: '', url: request.originalUrl };
  }
}

/** Returns true for browsers, which prefer HTML; every other client receives JSON. */
function wantsPage(request: Request): boolean {
  const { f } = request.query;
  return f === 'html' || (f === undefined && request.accepts([PROBLEM_TYPE, 'json', 'html']) === 'html');
}

/** Rejects a path without a route. */
export function answerUnknownPath(request: Request): never {
  const path = request.path.slice(0, 100);
  throw new Problem('not-found', {
    vi: `Không có gì ở ${path}. Bắt đầu từ trang chủ /.`,
    en: `There is nothing at ${path}. Start at the landing page, /.`,
  });
}

/** Answers input that Node cannot parse as HTTP, which never becomes a request. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem = new Problem('invalid-parameter', {
    vi: 'Yêu cầu không phải HTTP/1.1 đúng, hoặc địa chỉ hay phần đầu dài hơn 16 KB.',
    en: 'The request is not valid HTTP/1.1, or its URL or headers are longer than 16 kB.',
  });
  const { body, headers } = problemReply(problem, 'vi');
  const sent = { ...headers, 'content-length': body.length, connection: 'close' };
  const lines = Object.entries(sent).map(([name, value]) => `${headerName(name)}: ${value}\r\n`);
  socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join('')}\r\n${Buffer.from(body).toString()}`);
}
