// Manifests for tests.
import type {Manifest} from '../../crds/run.ts'

/** Of a scheduled run for October 2026 that wrote nothing, unless said otherwise. */
export function manifestWith(overrides: Partial<Manifest> = {}): Manifest {
  return {
    version: 1,
    export: {name: 'datev-monthly', namespace: 'acme', generation: 1},
    exportId: '3f2504e0-4f89-51d3-9a0c-0305e82c3301',
    slot: 'acme/datev-monthly@2026-11-01T05:00:00Z',
    trigger: 'Schedule',
    scheduledTime: '2026-11-01T05:00:00Z',
    timeZone: 'Europe/Berlin',
    period: {start: '2026-10-01', end: '2026-11-01'},
    revision: 1,
    format: 'datev',
    rows: 0,
    bytes: 0,
    totals: [],
    files: [],
    protocol: [],
    datasets: [],
    notes: [],
    program: '0.1.0',
    snapshotTime: '2026-11-01T05:00:01.000Z',
    sourceSha256: 'ef',
    controlled: false,
    unusedColumns: [],
    ...overrides,
  }
}
