// The CustomResourceDefinition around the schema: names, columns, subresource.
import {CEL_KEY} from '../fields.ts'
import {GROUP, KIND, PLURAL, VERSION} from '../names.ts'
import {NAME_RULE} from '../scheduledexport.ts'
import {ScheduledExportSpec} from '../spec.ts'
import {ScheduledExportStatus} from '../status.ts'
import {structuralSchema, type Structural} from './structural.ts'

interface Column {
  readonly name: string
  readonly type: 'string' | 'date' | 'boolean' | 'integer'
  readonly jsonPath: string
  readonly description: string
  /** 1 shows it only with -o wide. */
  readonly priority?: 1
}

const READY = '.status.conditions[?(@.type=="Ready")]'

/** Next Run is text: kubectl prints a date in the future as <invalid>. */
const COLUMNS: readonly Column[] = [
  {name: 'Schedule', type: 'string', jsonPath: '.spec.schedule', description: 'When it runs.'},
  {name: 'Time Zone', type: 'string', jsonPath: '.spec.timeZone', description: 'Time zone of the schedule.'},
  {name: 'Suspended', type: 'boolean', jsonPath: '.spec.suspend', description: 'Whether scheduled runs are held back.'},
  {name: 'Next Run', type: 'string', jsonPath: '.status.nextRunTime', description: 'The next scheduled run, in its time zone.'},
  {name: 'Last Result', type: 'string', jsonPath: '.status.lastRun.phase', description: 'How the newest run went.'},
  {name: 'Last Success', type: 'date', jsonPath: '.status.lastSuccessTime', description: 'Since the last successful run completed.'},
  {name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Since it was created.'},
  {name: 'Period', type: 'string', jsonPath: '.spec.period.range', description: 'What a run covers.', priority: 1},
  {name: 'Rows', type: 'integer', jsonPath: '.status.lastRun.rows', description: 'Rows of the newest run.', priority: 1},
  {name: 'Ready', type: 'string', jsonPath: `${READY}.status`, description: 'Whether the spec is in force.', priority: 1},
  {name: 'Reason', type: 'string', jsonPath: `${READY}.reason`, description: 'Why it is or is not.', priority: 1},
]

/** What `kubectl get sx --field-selector` can ask for besides the name. */
const SELECTABLE = ['.spec.suspend', '.status.lastRun.phase']

const STANDARD = {
  apiVersion: 'Version of the schema of this object: scheduledexport.dev/v1alpha1.',
  kind: 'ScheduledExport.',
}

/** The schema of the whole resource as the API server holds it. */
export function resourceSchema(): Structural {
  return {
    description: 'What to export, when and where to, and how its runs went.',
    type: 'object',
    required: ['spec'],
    properties: {
      apiVersion: {description: STANDARD.apiVersion, type: 'string'},
      kind: {description: STANDARD.kind, type: 'string'},
      metadata: {type: 'object'},
      spec: structuralSchema(ScheduledExportSpec.describe('What to export, when and where to. Written by people; no program changes it.')),
      status: structuralSchema(ScheduledExportStatus.describe('What became of it. Written by the operator and by the runs.')),
    },
    [CEL_KEY]: [NAME_RULE],
  }
}

/** The CustomResourceDefinition as JSON. `annotations` are its own. */
export function customResourceDefinition(annotations: Record<string, string>): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {name: `${PLURAL}.${GROUP}`, ...(Object.keys(annotations).length > 0 ? {annotations} : {})},
    spec: {
      group: GROUP,
      names: {kind: KIND, listKind: `${KIND}List`, plural: PLURAL, singular: KIND.toLowerCase(), shortNames: ['sx']},
      scope: 'Namespaced',
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          subresources: {status: {}},
          additionalPrinterColumns: COLUMNS,
          selectableFields: SELECTABLE.map((jsonPath) => ({jsonPath})),
          schema: {openAPIV3Schema: resourceSchema()},
        },
      ],
    },
  }
}
