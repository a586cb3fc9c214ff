// The page of what waits on this device (`/outbox`): each entry, its state and why, and a way out as a file.
'use strict'

;(() => {
  const place = document.getElementById('waiting')
  if (!place || !self.phone?.able) return
  const { account, confirmed, make, say, send, today, words, $ } = phone

  const states = { waiting: words.state_waiting, refused: words.state_refused, sent: words.state_sent }
  const row = (entry) => {
    const unsent = outbox.unsent(entry)
    const state = entry.state === 'sent' && unsent ? 'waiting' : entry.state
    const tag = make('span', { className: `tag ${{ waiting: 'warn', refused: 'bad', sent: 'good' }[state]}`, textContent: states[state] })
    const item = make('li', { className: 'waiting' }, make('p', { className: 'what' }, `${entry.day} ${entry.where} `, make('strong', { textContent: entry.label }), ' ', tag))
    if (entry.why) item.append(make('p', { className: 'problem', textContent: entry.why }))
    for (const { message } of entry.errors ?? []) if (message !== entry.why) item.append(make('p', { className: 'problem', textContent: message }))
    const done = entry.pictures.filter((own) => own.state === 'sent').length
    if (entry.pictures.length) item.append(make('p', { className: 'hint', textContent: say(words.pictures_of, { done, all: entry.pictures.length }) }))
    for (const own of entry.pictures.filter((other) => other.state === 'refused')) item.append(make('p', { className: 'problem', textContent: `${own.name}: ${own.why}` }))
    if (entry.receipt) item.append(make('p', { className: 'hint' }, say(words.receipt, { at: (entry.receipt.at ?? '').slice(0, 16).replace('T', ' ') }), ' ', make('a', { href: `/activities/${entry.id}`, textContent: words.show })))
    if (!unsent) return item
    const bar = make('p', { className: 'toolbar' })
    const retry = make('button', { type: 'button', textContent: words.retry })
    retry.onclick = async () => {
      await outbox.retry(entry.id)
      await send()
    }
    if (state === 'refused' || entry.pictures.some((own) => own.state === 'refused')) bar.append(retry)
    // What was refused is not on the server: it can be changed here.
    if (entry.state === 'refused') bar.append(make('a', { className: 'button', href: `/log/${JSON.parse(entry.body).type}?outbox=${entry.id}`, textContent: words.edit }))
    const away = make('button', { type: 'button', className: 'danger', textContent: words.remove })
    away.onclick = async () => {
      const question = say(entry.tried && entry.state === 'waiting' ? words.remove_maybe : words.remove_sure, { figures: entry.label })
      if (await confirmed(question, words.remove)) await outbox.remove(entry.id, [entry.state])
    }
    bar.append(away)
    item.append(bar)
    return item
  }
  let turn = 0
  const show = async () => {
    const mine = (turn += 1)
    const entries = await outbox.list(account)
    if (mine !== turn) return
    const [waiting, sent] = [entries.filter(outbox.unsent), entries.filter((entry) => !outbox.unsent(entry)).reverse()]
    const parts = [waiting.length ? make('ul', { className: 'plain' }, ...waiting.map(row)) : make('p', { className: 'empty', textContent: words.nothing_waits })]
    if (sent.length) parts.push(make('details', { open: $('details', place)?.open ?? false }, make('summary', { textContent: say(words.sent_list, { n: sent.length }) }), make('ul', { className: 'plain' }, ...sent.map(row))))
    place.replaceChildren(...parts)
  }
  outbox.listeners.add(show)
  $('#tools').hidden = false
  $('#send').onclick = () => send(true)
  $('#export').onclick = async () => {
    const address = URL.createObjectURL(new Blob([await outbox.exported(account)], { type: 'application/json' }))
    make('a', { href: address, download: `pufa-${account}-${today()}.json` }).click()
    setTimeout(() => URL.revokeObjectURL(address), 60_000)
  }
  $('#import').onchange = async (event) => {
    const said = $('#import-said')
    try {
      said.textContent = say(words.imported, { n: await outbox.imported(await event.target.files[0].text(), account) })
      await send()
    } catch {
      said.textContent = words.import_wrong
    }
  }
  show()

})()
