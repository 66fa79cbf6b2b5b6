/** The thread that looks for suspects: a region of 30 000 parcels takes a second, during which the server must answer. */
import { answerQuestions } from '../../lib/thread-answers.ts';
import { findSuspects } from './suspects.ts';

answerQuestions(findSuspects);
