import { wrongParameter } from '../../lib/errors.ts';
import type { Quality, QualityScores, UnitScore } from '../../quality/quality.ts';
import { rulesOf } from '../../quality/score.ts';
import type { Services } from '../../services.ts';
import { writeWorkbook } from '../../transfer/office/workbook.ts';
import { COST } from '../kit/cost.ts';
import { documentPlace } from '../kit/document.ts';
import { endpoint } from '../kit/endpoint.ts';
import { CSV_TYPE, HTML_TYPE, XLSX_TYPE } from '../kit/media-types.ts';
import { chooseFormat, formatParameters } from '../kit/negotiate.ts';
import { choiceParameter, textParameter } from '../kit/parameters.ts';
import { fileReply, jsonReply, type Reply, textReply } from '../kit/reply.ts';
import { pageSchema } from '../kit/shapes.ts';
import { qualityCsv } from './quality-csv.ts';
import { qualityDocument } from './quality-document.ts';
import { qualityPage } from './quality-page.ts';
import { qualitySchema } from './quality-shapes.ts';
import { qualitySheets } from './quality-sheets.ts';
import { NO_UNIT } from './quality-urls.ts';
import type { AskedRule, QualityScope } from './rule-document.ts';
import { rulePage } from './rule-page.ts';

const QUALITY_TYPES = {
  json: ['application/json'],
  html: [HTML_TYPE],
  csv: [CSV_TYPE],
  xlsx: [XLSX_TYPE],
} as const;
type QualityFormat = keyof typeof QUALITY_TYPES;

/** Findings of a rule that a document lists; the layer has all of them. */
const LISTED = 100;

const queryParameters = {
  unit: textParameter(
    {
      vi: `Mã hoặc tên phường, xã; "${NO_UNIT}": ngoài mọi phường, xã; không có: toàn bộ`,
      en: `Code or name of the commune; "${NO_UNIT}": outside of every commune; absent: everything`,
    },
    { max: 100 },
  ),
  rule: textParameter(
    { vi: 'Mã quy tắc: kèm các lỗi đầu tiên của nó', en: 'Id of a rule: with its first findings' },
    { max: 63 },
  ),
  ...formatParameters,
  f: choiceParameter({ vi: 'Định dạng, thay cho Accept', en: 'Format, in place of Accept' }, [
    'json',
    'html',
    'csv',
    'xlsx',
  ]),
};

export function qualityEndpoints(services: Services) {
  const { quality, config, catalogFor } = services;
  return {
    read: endpoint({
      tag: 'quality',
      cost: COST.document,
      summary: {
        vi: 'Chất lượng dữ liệu: điểm theo quy tắc, tiêu chí, lớp, cơ sở dữ liệu, phường xã; nên sửa gì trước; diễn biến',
        en: 'Data quality: scores by rule, criterion, layer, database and commune; what to mend first; the trend',
      },
      queryParameters,
      responses: {
        200: {
          content: {
            'application/json': qualitySchema,
            [HTML_TYPE]: pageSchema,
            [CSV_TYPE]: pageSchema,
            [XLSX_TYPE]: pageSchema,
          },
        },
      },
      handle: async ({ query, principal, language, signal, http }) => {
        const format = chooseFormat(http, query.f, QUALITY_TYPES, {
          vi: 'Có JSON (f=json), trang web (f=html), CSV (f=csv) và XLSX (f=xlsx).',
          en: 'There is JSON (f=json), a web page (f=html), CSV (f=csv) and XLSX (f=xlsx).',
        });
        const place = documentPlace(config, http, { f: format === 'html' ? 'html' : 'json', language });
        const scores = await quality.scores({ signal });
        const unit = query.unit === undefined ? undefined : await requireUnit(quality, query.unit, { scores, signal });
        const all = { code: null, validFrom: null, databases: scores.databases };
        const [trend, asked] = await Promise.all([
          quality.trend(unit ?? all, { signal }),
          query.rule === undefined ? undefined : askRule(quality, query.rule, { scores, unit, signal }),
        ]);
        const { layers } = catalogFor(principal);
        return qualityReply(services, { scores, unit, trend, asked, layers, place }, { format, signal });
      },
    }),
  };
}

async function qualityReply(
  services: Services,
  scope: QualityScope,
  { format, signal }: { readonly format: QualityFormat; readonly signal: AbortSignal },
): Promise<Reply> {
  const { place, unit, asked } = scope;
  const document = qualityDocument(scope);
  if (format === 'json') return jsonReply(document);
  if (format === 'html' && asked) return rulePage(services, document, place);
  if (format === 'html') {
    const shapes = unit ? [] : await services.quality.unitShapes({ signal });
    return qualityPage(services, document, { place, shapes });
  }
  const name = ['quality', ...(unit ? [unit.code ?? NO_UNIT] : []), ...(asked ? [asked.scored.rule.id] : [])].join('_');
  if (format === 'xlsx')
    return fileReply(await writeWorkbook(qualitySheets(document, place.language)), XLSX_TYPE, `${name}.xlsx`);
  return textReply(qualityCsv(document, place.language), `${CSV_TYPE}; charset=utf-8; header=present`, {
    headers: { 'content-disposition': `attachment; filename="${name}.csv"` },
  });
}

/** @throws Problem invalid-parameter for a unit that does not exist, or has no records where it must */
async function requireUnit(
  quality: Quality,
  asked: string,
  { scores, signal }: { readonly scores: QualityScores; readonly signal: AbortSignal },
): Promise<UnitScore> {
  const nowhere = scores.units.find(({ code }) => code === null);
  const unit = asked === NO_UNIT ? nowhere : await quality.unit(asked, scores, { signal });
  if (unit) return unit;
  throw wrongParameter('unit', {
    vi: `Không có phường, xã "${asked}". Hãy dùng mã hoặc tên phường, xã; /quality liệt kê các đơn vị đã đánh giá.`,
    en: `There is no commune "${asked}". Use the code or the name of a commune; /quality lists those that were assessed.`,
  });
}

interface RuleQuestion {
  readonly scores: QualityScores;
  readonly unit: UnitScore | undefined;
  readonly signal: AbortSignal;
}

/** @throws Problem invalid-parameter that lists the rules */
async function askRule(quality: Quality, id: string, { scores, unit, signal }: RuleQuestion): Promise<AskedRule> {
  const scored = rulesOf(unit?.databases ?? scores.databases).find(({ rule }) => rule.id === id);
  if (scored) return { scored, findings: await quality.findings({ rule: id, unit, limit: LISTED }, { signal }) };
  const list = quality.rules.map(({ rule }) => rule.id).join(', ');
  throw wrongParameter('rule', {
    vi: `Không có quy tắc "${id}". Có: ${list}.`,
    en: `There is no rule "${id}". There are: ${list}.`,
  });
}
