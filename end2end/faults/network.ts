import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Chance } from './chance'

/** What can happen to one request. */
const FAULTS = [
  'lost on the way', 'answer lost', 'answer cut', 'body cut', 'sent twice', 'comes once more later', 'slow', 'gateway error', 'log-in page of a hotel',
] as const
type Fault = (typeof FAULTS)[number] | 'none'

/**
 * The network between a phone and the server: a proxy that drops, cuts, doubles, delays and reorders requests to the API as
 * a seed says, goes dark, and can pretend that a new version was deployed.
 */
export class Network {
  /** No connection at all. */
  dark = false
  /** Pages come, and whatever is sent to the API is lost. */
  deaf = false
  /** The share of requests to the API that something happens to. */
  trouble = 0
  /** Other than '': what pages say the build's fingerprint is. */
  deployed = ''
  /** How often each thing happened. */
  readonly told: Record<string, number> = {}
  private server: http.Server
  private late = new Set<NodeJS.Timeout>()

  constructor(private to: number, private chance: Chance) {
    this.server = http.createServer((request, answer) => void this.handle(request, answer).catch(() => answer.destroy()))
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async stop() {
    this.late.forEach(clearTimeout)
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private pick(address: string): Fault {
    if (this.deaf && address.startsWith('/api/')) return 'lost on the way'
    if (!address.startsWith('/api/') || !this.chance.happens(this.trouble)) return 'none'
    return this.chance.one(FAULTS)
  }

  private async handle(request: http.IncomingMessage, answer: http.ServerResponse) {
    if (this.dark) return void request.socket.destroy()
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts)
    const fault = this.pick(request.url ?? '/')
    if (fault !== 'none') this.told[fault] = (this.told[fault] ?? 0) + 1
    const pass = () => this.pass(request, body)
    switch (fault) {
      case 'lost on the way':
        return void request.socket.destroy()
      case 'body cut':
        await this.pass(request, body.subarray(0, Math.floor(body.length / 2)), body.length).catch(() => {})
        return void request.socket.destroy()
      case 'answer lost':
        await pass()
        return void request.socket.destroy()
      case 'gateway error':
        answer.writeHead(502, { 'content-type': 'text/html' })
        return void answer.end('<h1>Bad gateway</h1>')
      case 'log-in page of a hotel':
        answer.writeHead(200, { 'content-type': 'text/html' })
        return void answer.end('<h1>Welcome to our WLAN</h1>')
      case 'sent twice':
        await Promise.all([pass(), pass()])
        break
      case 'comes once more later': {
        const timer = setTimeout(() => {
          this.late.delete(timer)
          pass().catch(() => {})
        }, this.chance.between(50, 1500))
        this.late.add(timer)
        break
      }
      case 'slow':
        await new Promise((resolve) => setTimeout(resolve, this.chance.between(100, 1500)))
        break
    }
    const { status, headers, bytes } = await pass()
    if (this.dark) return void request.socket.destroy()
    answer.writeHead(status, headers)
    if (fault === 'answer cut') {
      answer.write(bytes.subarray(0, Math.floor(bytes.length / 2)))
      return void setTimeout(() => request.socket.destroy(), 20)
    }
    answer.end(bytes)
  }

  /** Hands the request on; `length` other than the body's cuts it. */
  private pass(request: http.IncomingMessage, body: Buffer, length = body.length) {
    return new Promise<{ status: number; headers: http.OutgoingHttpHeaders; bytes: Buffer }>((resolve, reject) => {
      const headers: http.OutgoingHttpHeaders = { ...request.headers, 'accept-encoding': 'identity', connection: 'close' }
      delete headers['transfer-encoding']
      if (length) headers['content-length'] = length
      const on = http.request({ host: '127.0.0.1', port: this.to, method: request.method, path: request.url, headers }, async (answer) => {
        try {
          const parts: Buffer[] = []
          for await (const part of answer) parts.push(part as Buffer)
          let bytes = Buffer.concat(parts)
          const own = { ...answer.headers }
          delete own['transfer-encoding']
          delete own.connection
          if (this.deployed && /html|javascript/.test(String(own['content-type'] ?? ''))) bytes = this.renamed(bytes)
          own['content-length'] = String(bytes.length)
          resolve({ status: answer.statusCode ?? 502, headers: own, bytes })
        } catch (error) {
          reject(error)
        }
      })
      on.on('error', reject)
      on.on('close', () => reject(new Error('cut')))
      if (length !== body.length) {
        on.write(body)
        setTimeout(() => on.destroy(), 20)
      } else {
        on.end(body)
      }
    })
  }

  /** The answer of a server of another build: every address of an asset is a new one. */
  private renamed(bytes: Buffer): Buffer {
    const text = bytes.toString('utf8')
    const build = /\/pkg\/([0-9a-f]{8})\//.exec(text)?.[1]
    return build ? Buffer.from(text.replaceAll(build, this.deployed), 'utf8') : bytes
  }
}
