// The two programs that become images.

export type PartName = 'operator' | 'job'

export interface ProgramPart {
  readonly name: PartName
  /** Its npm workspace and the folder of its sources. */
  readonly workspace: 'operator' | 'exporter-job'
  /** What runs, relative to /app/dist. */
  readonly entry: string
  /** Options of Node before the entry. */
  readonly nodeOptions: readonly string[]
  /** The image's name and tag; the registry "localhost" is one that nothing pulls from. */
  readonly image: string
  readonly dockerfile: string
  readonly title: string
}

export const PARTS: Readonly<Record<PartName, ProgramPart>> = {
  operator: {
    name: 'operator',
    workspace: 'operator',
    entry: 'operator/main.js',
    // Of the container's memory limit; left alone, Node takes half of it. The rest is for buffers, code and the young generation.
    nodeOptions: ['--max-old-space-size-percentage=70', '--max-semi-space-size=16'],
    image: 'localhost/scheduled-export-operator:dev',
    dockerfile: 'Dockerfile.operator',
    title: 'scheduled-export operator',
  },
  job: {
    name: 'job',
    workspace: 'exporter-job',
    entry: 'exporter-job/main.js',
    nodeOptions: [],
    image: 'localhost/scheduled-export-job:dev',
    dockerfile: 'Dockerfile.job',
    title: 'scheduled-export exporter',
  },
}

/** The user and group of both images; no name is needed. */
export const IMAGE_USER = '65532:65532'
