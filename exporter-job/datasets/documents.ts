// The dataset `documents`: files that belong to bookings, one row a file, the files of a document one after the other.
import type {ColumnDescription} from './types.ts'

/** Every canonical column. */
export const DOCUMENT_COLUMNS = [
  {name: 'booking_id', type: 'text', meaning: 'The booking that the file belongs to, where there is one.'},
  {name: 'document_id', type: 'text', meaning: 'The document, a GUID or any text of its own; several files may be one document. Bookings name it in `document_id`.'},
  {name: 'path', type: 'text', meaning: 'Path of the file, from the folder on the volume that the format names.'},
  {name: 'file_name', type: 'text', meaning: 'Name that the file gets; left out, the last part of its path.'},
  {name: 'type', type: 'text', meaning: 'Kind of document, where the target software has a list (DATEV: 1 incoming, 2 outgoing invoice).'},
  {name: 'text', type: 'text', meaning: 'Description.'},
  {name: 'document_date', type: 'date', meaning: 'Date of the document.'},
  {name: 'document_number', type: 'text', meaning: 'Number of the document.'},
] as const satisfies readonly ColumnDescription[]

export type DocumentColumn = (typeof DOCUMENT_COLUMNS)[number]['name']
