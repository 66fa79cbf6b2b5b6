/** The thread that writes workbooks and drawings: 50 000 rows take seconds. */
import { answerQuestions } from '../../lib/thread-answers.ts';
import { drawingFrame, drawnEntities } from './drawing-text.ts';
import type { DrawingFrameRequest, EntitiesRequest, SheetRowsRequest, WorkbookRequest } from './office-request.ts';
import { sheetRowsXml } from './sheet-rows.ts';
import { workbookBytes } from './workbook-bytes.ts';

type OfficeRequest = WorkbookRequest | SheetRowsRequest | EntitiesRequest | DrawingFrameRequest;

answerQuestions(async (request: OfficeRequest) => {
  switch (request.kind) {
    case 'workbook':
      return workbookBytes(request.sheets);
    case 'rows':
      return Buffer.from(sheetRowsXml(request));
    case 'entities':
      return drawnEntities(request);
    case 'frame':
      return drawingFrame(request);
  }
});
