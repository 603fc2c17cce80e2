import { EntitySchema } from 'typeorm';
import { integer, text } from './columns';

/** What an admin noted at a decision. Apart from the log, which holds nothing typed and cannot be erased. */
export interface DecisionNoteRow {
  event_id: number;
  registration_id: number;
  notes: string;
}

export const decisionNotes = new EntitySchema<DecisionNoteRow>({
  name: 'decision_note',
  tableName: 'decision_notes',
  columns: { event_id: { type: 'integer', primary: true }, registration_id: integer(), notes: text() },
});
