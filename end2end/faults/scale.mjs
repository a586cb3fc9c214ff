import { connect, createServer } from 'node:net'

/** A wire that counts what comes down it, whoever asked: the page, its files, the service worker. */
export async function scale(port) {
  const told = { bytes: 0 }
  const server = createServer((socket) => {
    const on = connect(port, '127.0.0.1')
    on.on('data', (part) => (told.bytes += part.length))
    socket.pipe(on).pipe(socket)
    for (const end of [socket, on]) end.on('error', () => (socket.destroy(), on.destroy()))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { told, address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}
