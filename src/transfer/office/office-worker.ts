/** The thread that writes workbooks and drawings: 50 000 rows take seconds. */
import { answerQuestions } from '../../lib/thread-answers.ts';
import { drawingText } from './drawing-text.ts';
import type { DrawingRequest, WorkbookRequest } from './office-request.ts';
import { workbookBytes } from './workbook-bytes.ts';

answerQuestions(async (request: WorkbookRequest | DrawingRequest): Promise<Uint8Array> => {
  if (request.kind === 'workbook') return workbookBytes(request.sheets);
  return Buffer.from(drawingText(request.features));
});
