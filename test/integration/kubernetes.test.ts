import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { pythonWith } from '../support/python-venv.ts'

const dir = fileURLToPath(new URL('../../deploy/kubernetes/base/', import.meta.url))
/** It brings the schemas of each version of Kubernetes. */
const validator = 'kubernetes-validate==1.37.0'
const versions = ['1.30', '1.37']
const installMsMax = 240_000

describe('the manifests of deploy/kubernetes/base', () => {
  it.each(versions)(
    'are what Kubernetes %s takes, to the last member',
    async (version) => {
      const python = await pythonWith('kubernetes', [validator])
      const files = readdirSync(dir).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
      const script = 'import sys; from kubernetes_validate.__main__ import main; sys.exit(main())'

      const { stdout, stderr } = await promisify(execFile)(python, [
        '-c',
        script,
        '--strict',
        '-k',
        version,
        ...files.map((name) => join(dir, name)),
      ])

      const passed = (stdout + stderr).match(/ passed for resource /g) ?? []
      expect(passed).toHaveLength(14)
    },
    installMsMax,
  )
})
