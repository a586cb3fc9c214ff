// The log form: saved on the phone first and sent then; what was typed and not saved yet stays; pictures are made small here.
// Without a network the shell (`src/activity/shell_page.rs`) stands in for every log page.
'use strict'

;(() => {
  const form = document.querySelector('form.outbox')
  if (!form || !self.phone) return
  if (!phone.able) return draftsOnly()
  const { account, clock, fill, make, now, offset, say, send, shell, showLine, today, uuid, wakeLater, words, $, $$ } = phone

  // ---- reading the form: one draft for the village, or one for each ----

  const days = (from, to) => Math.round((Date.parse(to || from) - Date.parse(from)) / 86_400_000) + 1

  const readForm = (form, type) => {
    const data = new FormData(form)
    const text = (name) => (data.get(name) ?? '').trim()
    const every = (name) => data.getAll(name).filter((value) => value !== '')
    const problems = []
    const fields = $$('.count input[name^="value."]', form)
    const times = text('times')
    const quantities = []
    const figures = []
    fields.forEach((field, place) => {
      const key = field.name.slice('value.'.length)
      const reckoned = place === 0 && times ? Number(times) * days(text('date'), text('date_to')) : null
      if (reckoned === null && field.value.trim() === '') return
      const value = reckoned ?? Number(field.value)
      if (!Number.isInteger(value) || value < 1) {
        problems.push({ field: `value.${key}`, message: words.count_wrong })
        return
      }
      const precision = text(`precision.${key}`) || 'exact'
      quantities.push({ measure: key, value, precision })
      figures.push(`${$(`label[for="${field.id}"]`).textContent} ${say(words[precision], { n: value, unit: $('.unit-word', field.parentElement)?.textContent ?? '' })}`)
    })
    if (!/^\d{4}-\d\d-\d\d$/.test(text('date'))) problems.push({ field: 'date', message: words.date_wrong })
    if (!quantities.length && !problems.length) problems.push({ field: '', message: words.no_quantity })
    const units = every('units')
    const manner = text('manner')
    if (units.length && !manner) problems.push({ field: 'manner', message: words.manner_missing })
    const draft = {
      id: uuid(), unit: text('unit'), date: text('date'), date_to: text('date_to') || null, type,
      themes: every('theme'), campaigns: every('campaign'), event: text('event') || null, classes: every('class'), covers: [],
      quantities, note: text('note'), place: text('place'), organiser: text('organiser'),
      co_organisers: text('co_organisers').split(/[,，、]/).map((name) => name.trim()).filter(Boolean), handler: text('handler'),
    }
    let drafts = [draft]
    if (units.length && manner === 'together') drafts = [{ ...draft, covers: units }]
    if (units.length && manner === 'each') drafts = units.map((unit) => ({ ...draft, unit, event: null, id: uuid() }))
    const nameOf = (code) => $(`select[name=unit] option[value="${code}"]`, form)?.textContent ?? $('p.unit', form)?.textContent ?? code
    const label = figures.join(words.and)
    // What one form makes for many villages belongs together.
    const batch = drafts.length > 1 ? uuid() : undefined
    const entries = drafts.map((own) => ({
      id: own.id, batch, account, body: JSON.stringify(own), label, where: nameOf(own.unit), day: own.date, made: new Date(now()).toISOString(),
    }))
    return { entries, problems }
  }

  // A draft as the form's fields: [name, value].
  const pairsOf = (draft) => [
    ['unit', draft.unit], ['date', draft.date], ['date_to', draft.date_to ?? ''], ['event', draft.event ?? ''],
    ...draft.quantities.flatMap(({ measure, value, precision }) => [[`value.${measure}`, String(value)], [`precision.${measure}`, precision]]),
    ...[['theme', 'themes'], ['campaign', 'campaigns'], ['class', 'classes']].flatMap(([name, list]) => draft[list].map((value) => [name, value])),
    ...['note', 'place', 'organiser', 'handler'].map((name) => [name, draft[name]]), ['co_organisers', draft.co_organisers.join('，')],
    ...(draft.covers?.length ? [['manner', 'together'], ...draft.covers.map((unit) => ['units', unit])] : []),
  ]

  // ---- pictures: made small on the phone ----

  const LONGEST = 1600
  const shrink = async (file) => {
    if (file.type === 'application/pdf') return file
    try {
      const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
      const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height))
      const canvas = make('canvas', { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) })
      canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height)
      bitmap.close()
      return (await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.82))) ?? file
    } catch {
      // What this browser cannot read the server may; if not, it says so.
      return file
    }
  }

  const picture = async (file) => {
    const blob = await shrink(file)
    const bytes = await blob.arrayBuffer()
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    const sha = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    const taken = file.lastModified ? new Date(file.lastModified + offset()).toISOString() : undefined
    return { sha, name: file.name, type: blob.type, bytes, taken }
  }

  const picturesField = (form, onChange) => {
    const field = $('#pictures', form)
    if (!field) return { chosen: [], show() {} }
    field.hidden = false
    const state = { chosen: [] }
    const shown = $('ul', field)
    state.show = () => {
      $$('img', shown).forEach((image) => URL.revokeObjectURL(image.src))
      shown.replaceChildren(...state.chosen.map((own, place) => {
        const address = URL.createObjectURL(new Blob([own.bytes], { type: own.type }))
        const away = make('button', { type: 'button', className: 'quiet', textContent: words.remove, ariaLabel: say(words.remove_picture, { n: place + 1 }) })
        away.onclick = () => {
          state.chosen.splice(place, 1)
          state.show()
          onChange()
        }
        const image = own.type.startsWith('image/') ? make('img', { src: address, alt: say(words.picture, { n: place + 1 }) }) : own.name
        return make('li', {}, image, away)
      }))
    }
    $('input', field).addEventListener('change', async (event) => {
      const files = [...event.target.files]
      event.target.value = ''
      field.ariaBusy = 'true'
      for (const file of files) {
        const own = await picture(file)
        if (!state.chosen.some((other) => other.sha === own.sha)) state.chosen.push(own)
        state.show()
      }
      field.ariaBusy = 'false'
      onChange()
    })
    return state
  }

  // ---- the log form ----

  const tell = (form, problems) => {
    $('.problems')?.remove()
    $$('.wrong', form).forEach((field) => field.classList.remove('wrong'))
    const items = problems.map(({ field, message }) => {
      const input = field && form.elements[field]
      const element = input?.length && !input.tagName ? input[0] : input
      element?.closest?.('.field, fieldset')?.classList.add('wrong')
      return make('li', {}, element ? make('a', { href: `#${element.id}`, textContent: message }) : message)
    })
    const box = make('div', { className: 'problems', role: 'alert', tabIndex: -1 }, make('h2', { textContent: words.please_check }), make('ul', {}, ...items))
    form.before(box)
    box.focus()
  }

  // The API's name of a field → the form's.
  const fieldOf = (entry, field) => {
    const place = /^quantities\[(\d+)\]/.exec(field)
    if (place) return `value.${JSON.parse(entry.body).quantities[place[1]]?.measure}`
    return { themes: 'theme', campaigns: 'campaign', classes: 'class', covers: 'units', quantities: '' }[field.split('[')[0]] ?? field
  }

  const startForm = (form, type, before = () => {}) => {
    const placeOf = () => `${account} ${location.pathname}${location.search}`
    const button = $('button[type=submit]', form)
    let edited = new URLSearchParams(location.search).get('outbox')
    let touched = false
    const keepDraft = () => {
      if (!touched) return
      const pairs = [...new FormData(form).entries()].filter(([name]) => name !== 'id')
      return outbox.put('draft', { pairs, chosen: pictures.chosen }, placeOf()).catch(() => {})
    }
    const pictures = picturesField(form, () => {
      touched = true
      keepDraft()
    })
    let soon
    for (const name of ['input', 'change', 'click']) {
      form.addEventListener(name, (event) => {
        if (!event.isTrusted) return
        touched = true
        clearTimeout(soon)
        soon = setTimeout(keepDraft, 300)
      })
    }
    addEventListener('pagehide', keepDraft)

    // Before anything else: whoever is quick is not sent the plain way.
    form.addEventListener('submit', async (event) => {
      event.preventDefault()
      if (button.disabled) return
      button.disabled = true
      await ready
      const { entries, problems } = readForm(form, type())
      const refuse = (list) => {
        button.disabled = false
        tell(form, list)
      }
      if (problems.length) return refuse(problems)
      clearTimeout(soon)
      touched = false
      try {
        await outbox.add(entries, pictures.chosen, { instead: edited, draft: placeOf() })
      } catch {
        touched = true
        if (edited && (await outbox.get('entry', edited).catch(() => null))?.state !== 'refused') return refuse([{ field: '', message: words.edit_late }])
        // No room, or a browser that keeps nothing: the form goes the old way, which takes no pictures.
        if (pictures.chosen.length || !navigator.onLine) return refuse([{ field: '', message: words.no_room }])
        form.submit()
        return
      }
      navigator.storage?.persist?.()
      wakeLater()
      await Promise.race([send(), new Promise((resolve) => setTimeout(resolve, 8_000))])
      const stored = await Promise.all(entries.map((entry) => outbox.get('entry', entry.id)))
      const [sent, not] = ['sent', 'refused'].map((state) => stored.filter((entry) => entry?.state === state))
      if (not.length === entries.length && entries.length === 1) {
        // All that was typed still stands in the form. What was in the outbox before stays there.
        const [refused] = not
        touched = true
        if (edited) {
          edited = refused.id
          history.replaceState(null, '', `?outbox=${edited}`)
        }
        await keepDraft()
        if (!edited) await outbox.remove(refused.id, ['refused'])
        const errors = refused.errors.map((error) => ({ field: fieldOf(refused, error.field), message: error.message }))
        return refuse(errors.length ? errors : [{ field: '', message: refused.why }])
      }
      if (sent.length === entries.length) {
        // To the entry that something is asked about, if there is one.
        const shown = sent.find((entry) => entry.receipt?.questions?.length) ?? sent[0]
        const text = sent.length > 1 ? say(words.saved_many, { n: sent.length, figures: shown.label }) : say(words.saved, { figures: shown.label })
        flash(text)
        location.assign(`/activities/${shown.id}`)
        return
      }
      // Of many, some were not taken: the list says which and why.
      if (not.length) return location.assign('/outbox')
      // It waits here. The form begins anew.
      edited = null
      form.reset()
      if (shell) form.elements.date.value = today()
      pictures.chosen.length = 0
      pictures.show()
      button.disabled = false
      form.dispatchEvent(new Event('input', { bubbles: true }))
      $('.problems')?.remove()
      $$('.kept, .draft').forEach((old) => old.remove())
      const kept = make('p', { className: 'said kept', role: 'status', tabIndex: -1 }, say(words.kept, { figures: entries[0].label }), ' ', make('a', { href: '/outbox', textContent: words.look }), ' ', make('a', { href: '/log', textContent: words.another }))
      form.before(kept)
      kept.focus()
      scrollTo(0, 0)
      await showLine()
    })
    const prepare = async () => {
      await clock
      before()
      const isRefusedForm = !!$('.problems')
      if (edited) {
        const entry = await outbox.get('entry', edited)
        if (entry?.account === account && entry.state === 'refused') {
          fill(form, pairsOf(JSON.parse(entry.body)))
          for (const own of await outbox.picturesOf(edited)) pictures.chosen.push({ ...own, bytes: await outbox.get('bytes', own.key) })
          pictures.show()
        } else {
          // Sent meanwhile, or replaced: there is nothing to change here any more.
          await outbox.drop('draft', placeOf())
          return location.replace('/outbox')
        }
      }
      const draft = isRefusedForm || touched ? null : await outbox.get('draft', placeOf())
      if (draft) {
        fill(form, draft.pairs)
        pictures.chosen.push(...draft.chosen)
        pictures.show()
        const clear = make('button', { type: 'button', className: 'quiet', textContent: words.draft_clear })
        clear.onclick = async () => {
          touched = false
          await outbox.drop('draft', placeOf())
          location.reload()
        }
        form.before(make('p', { className: 'hint draft', role: 'status' }, words.draft, ' ', clear))
      }
    }
    const ready = prepare()
      .catch(() => {})
      .then(() => (form.dataset.awake = '1'))
    addEventListener('pageshow', (event) => {
      // Back to a form that was saved.
      if (event.persisted) button.disabled = false
    })
  }

  // What the server says once on the next page: the same cookie that it sets itself.
  const flash = (text) => {
    const hex = [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    document.cookie = `pufa_said=${hex}; Path=/; Max-Age=60; SameSite=Lax`
  }

  // ---- the shell: one page for every type, without a network ----

  const startShell = (form) => {
    const data = JSON.parse(shell.textContent)
    const query = new URLSearchParams(location.search)
    const key = /^\/log\/([^/]+)$/.exec(location.pathname)?.[1]
    const event = data.events.find((own) => own.id === query.get('event'))
    const copied = data.last.find((own) => own.id === query.get('copy'))
    const type = data.types.find((own) => own.key === key)
    // From a page that needs the network, the way leads to what does not.
    if (!/^\/(log|outbox\/log)(\/|$)/.test(location.pathname)) $('#elsewhere').hidden = false
    $('#choose').hidden = !!type
    $('#fields').hidden = !type
    if (!type) return
    $('h1').textContent = type.name
    document.title = type.name
    // The type's own counts first, all others folded away.
    const [asked, others] = [$('.asked', form), $('.others', form)]
    others.append(...$$('.count', asked))
    asked.append(...type.measures.map((measure) => $(`.count[data-measure="${measure}"]`, others)).filter(Boolean))
    startForm(form, () => type.key, () => {
      form.elements.date.value = form.elements.date.max = today()
      const given = event ? { ...event, date: event.day < today() ? event.day : today(), campaigns: [event.campaign], event: event.id } : copied && { ...copied, event: null, date: today() }
      const empty = { quantities: [], themes: [], campaigns: [], classes: [], co_organisers: [], note: '', place: '', organiser: '', handler: '' }
      if (given) fill(form, pairsOf({ ...empty, ...given, date_to: null }))
    })
  }

  // ---- where nothing can be kept for sending: what was typed is kept all the same ----

  function draftsOnly() {
    const { account, fill, words, $ } = phone
    let storage
    try {
      storage = window.localStorage
    } catch {
      return
    }
    const line = $('#net')
    line.hidden = false
    line.textContent = words.plain
    const place = `pufa-draft ${account} ${location.pathname}${location.search}`
    const former = JSON.parse(storage.getItem(place) ?? 'null')
    if (former && !$('.problems')) fill(form, former)
    const keep = () => storage.setItem(place, JSON.stringify([...new FormData(form).entries()].filter(([name]) => name !== 'id')))
    form.addEventListener('input', keep)
    form.addEventListener('change', keep)
    form.addEventListener('submit', () => sessionStorage.setItem('pufa-draft-sent', place))
  }

  if (shell) startShell(form)
  else startForm(form, () => location.pathname.split('/').pop())
})()
