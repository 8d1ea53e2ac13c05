// Makes both images by their Dockerfiles, where a container engine and the Dockerfiles' base images are to be had.
import {readFile, rename} from 'node:fs/promises'
import {join} from 'node:path'
import {docker, findEngine, hasImage, type Engine} from '../cluster/kind/engine.ts'
import {step} from '../cluster/say.ts'
import type {ProgramPart} from './parts.ts'

/** The engine, where one answers and has or can pull every base image of the Dockerfile; undefined otherwise. */
export async function engineFor(root: string, part: ProgramPart): Promise<Engine | undefined> {
  const engine = await findEngine()
  if (engine === undefined) return undefined
  for (const image of defaultBases(await readFile(join(root, part.dockerfile), 'utf8'))) {
    if (!(await hasImage(engine, image))) return undefined
  }
  return engine
}

/** The images that a Dockerfile's ARG lines before the first FROM name. */
export function defaultBases(dockerfile: string): string[] {
  const head = dockerfile.slice(0, dockerfile.search(/^FROM /m))
  return [...head.matchAll(/^ARG \w+_IMAGE=(\S+)$/gm)].map((match) => match[1] ?? '')
}

/** Builds the image, with other bases where `bases` names them (BUILD_IMAGE, RUN_IMAGE), and saves it to `archive`. */
export async function buildByDockerfile(
  engine: Engine,
  part: ProgramPart,
  place: {readonly root: string; readonly archive: string},
  bases: Readonly<Record<string, string>> = {},
): Promise<void> {
  await step(`Building ${part.image} by ${part.dockerfile}`, async () => {
    const args = Object.entries(bases).flatMap(([name, image]) => ['--build-arg', `${name}=${image}`])
    await docker(engine, ['build', '--file', join(place.root, part.dockerfile), '--tag', part.image, ...args, place.root])
    await docker(engine, ['save', '--output', `${place.archive}.part`, part.image])
    await rename(`${place.archive}.part`, place.archive)
  })
}
