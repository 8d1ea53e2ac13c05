// The environment of the operator's process, read here and nowhere else. (KUBECONFIG is the client library's own affair.)
import {hostname} from 'node:os'
import {DEFAULT_CONFIG_PATH} from './config.ts'

export interface Environment {
  /** OPERATOR_CONFIG: path of the configuration file. */
  readonly configPath: string
  /** HOSTNAME: in a pod its name; it stands in the Lease and in Events. */
  readonly instance: string
}

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  return {configPath: env['OPERATOR_CONFIG'] || DEFAULT_CONFIG_PATH, instance: env['HOSTNAME'] || hostname()}
}
