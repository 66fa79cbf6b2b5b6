import type { Text } from '../../lib/errors.ts';
import type { QualityRule } from '../../quality/rule.ts';
import type { LastRun, WeightRow } from '../../quality/score-query.ts';

/** Returns what a reader must know of the scores, with the origin of their weights. */
export function qualityNotes(weights: readonly WeightRow[]): Text[] {
  const own = weights.filter(({ status }) => status !== 'default');
  return [
    {
      vi: 'Điểm theo bộ chỉ số chất lượng dữ liệu (CV 4856/BCA-TTDLQG, Phụ lục 3): điểm của quy tắc là phần trăm bản ghi đạt, hoặc phần trăm số lượng đã có so với số lượng phải có; tiêu chí, lớp và cơ sở dữ liệu là trung bình có trọng số.',
      en: 'Scores have the form of the state index of data quality (CV 4856/BCA-TTDLQG, Phụ lục 3): a rule has the percentage of its records that pass, or of the expected amount that is there; criteria, layers and databases have weighted means.',
    },
    own.length === 0
      ? {
          vi: 'Trọng số ghi bên cạnh điểm là của phần mềm, vì trọng số của Nhà nước chưa được công bố. Cơ quan sửa trọng số trong bảng quality.weight, sửa số lượng phải có trong bảng quality.expectation.',
          en: 'The weights beside the scores are those of this program, since the state has published none. The agency edits weights in the table quality.weight, and expected amounts in quality.expectation.',
        }
      : {
          vi: `Trọng số ghi bên cạnh điểm: ${own.length} do cơ quan đặt (${own.map(({ name }) => name).join(', ')}), còn lại là của phần mềm.`,
          en: `Of the weights beside the scores the agency has set ${own.length} (${own.map(({ name }) => name).join(', ')}); the others are those of this program.`,
        },
    {
      vi: 'Chưa đánh giá: quy tắc chưa chạy, chạy lỗi hoặc không có gì để đánh giá; không tính vào trung bình và không phải là 100%.',
      en: 'Not assessed: the rule has not run, has failed, or has nothing to assess; it counts in no mean, and is not 100 %.',
    },
  ];
}

/** Tells why a rule has no score. */
export function whyUnassessed({ lacking }: QualityRule, run: LastRun | undefined): Text {
  if (!run) return { vi: 'quy tắc chưa chạy', en: 'the rule has not run' };
  if (run.failed) return { vi: 'lần chạy gần nhất bị lỗi', en: 'its last run failed' };
  return lacking ?? { vi: 'không có bản ghi nào', en: 'there are no records' };
}
