import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const target = process.env.CARGO_TARGET_DIR ?? '../target'
const program = process.env.PUFA_BINARY ?? `${target}/release/pufa`

/** A server over a demo of its own, that can be killed and started again on the same data. */
export class Server {
  port = 0
  private folder = mkdtempSync(join(tmpdir(), 'pufa-faults-'))
  private process?: ChildProcess

  private get environment() {
    return { ...process.env, PUFA_TODAY: '2021-12-20', PUFA_DATABASE_URL: `sqlite:${this.folder}/pufa.db`, PUFA_DATA_DIR: this.folder }
  }

  /** Runs a subcommand: what it prints. Throws where it fails. */
  run(...words: string[]): string {
    const done = spawnSync(program, words, { env: this.environment, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`pufa ${words.join(' ')}: ${done.stderr}`)
    return done.stdout.trim()
  }

  async start() {
    if (!this.port) {
      this.run('demo')
      this.port = await freePort()
    }
    this.process = spawn(program, ['serve', '--listen', `127.0.0.1:${this.port}`], { env: this.environment, stdio: 'ignore' })
    for (let turn = 0; turn < 300; turn += 1) {
      const ready = await fetch(`http://127.0.0.1:${this.port}/readyz`).then((answer) => answer.ok, () => false)
      if (ready) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('the server does not come up')
  }

  /** As when the power fails. */
  async kill() {
    const process = this.process
    if (!process) return
    const gone = new Promise((resolve) => process.once('exit', resolve))
    process.kill('SIGKILL')
    await gone
  }

  async stop() {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
