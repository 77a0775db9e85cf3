// @ts-check
// What a person would see at once and a test would not: functions that run in the page, for the journeys and for the pictures.

/** Visible words that are cut off, or leave the screen, and that no tooltip tells in full. @returns {string[]} */
export function cutWords() {
  /** @type {string[]} */
  const found = []
  /** @param {Element | null} e @returns {boolean} */
  const scrolls = (e) => e !== null && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement))
  for (const e of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('body *'))) {
    if (!e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || e.closest('.unseen, [role=application], [title]:not([title=""]), select') || !e.innerText?.trim()) continue
    const own = [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent?.trim())
    const style = getComputedStyle(e)
    const hides = /hidden|clip/.test(style.overflowX)
    const cut = hides && e.scrollWidth > e.clientWidth + 1
    const low = own && /hidden|clip/.test(style.overflowY) && e.scrollHeight > e.clientHeight + 2
    const gone = own && e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e.parentElement)
    if (cut || low || gone) found.push(`${cut ? 'cut' : low ? 'cut below' : 'off the screen'}: <${e.tagName.toLowerCase()} class="${e.className}"> ${e.innerText.trim().slice(0, 60)}`)
  }
  return found
}

/**
 * Words that lie on other words of the same layer, words that leave their button, and lists of choices that are too narrow for
 * the chosen one. What lies over the desk on purpose (a menu, a sheet) is a layer of its own.
 * @returns {string[]}
 */
export function crossedWords() {
  /** @type {string[]} */
  const found = []
  /** @param {Element | null} e @returns {Element} */
  const layer = (e) => (e === null || e === document.body || e.matches('dialog') || /absolute|fixed|sticky/.test(getComputedStyle(e).position) ? e ?? document.body : layer(e.parentElement))
  /** The part of a box that its parents let through. @param {Element | null} e @param {DOMRect} r @returns {DOMRect | undefined} */
  const seen = (e, r) => {
    for (let p = e; p !== null && p !== document.body; p = p.parentElement) {
      if (getComputedStyle(p).overflow === 'visible') continue
      const b = p.getBoundingClientRect()
      const [x, y, right, bottom] = [Math.max(r.left, b.left), Math.max(r.top, b.top), Math.min(r.right, b.right), Math.min(r.bottom, b.bottom)]
      if (right <= x || bottom <= y) return undefined
      r = new DOMRect(x, y, right - x, bottom - y)
    }
    return r
  }
  /** @type {{ on: Element, e: Element, words: string, r: DOMRect }[]} */
  const all = []
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let n = walk.nextNode(); n !== null; n = walk.nextNode()) {
    const e = n.parentElement
    if (!e || !n.textContent?.trim() || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || e.closest('.unseen, select, script, style, [role=application]')) continue
    const range = document.createRange()
    range.selectNodeContents(n)
    for (const line of range.getClientRects()) {
      const r = seen(e, line)
      if (r && r.width > 1 && r.height > 1) all.push({ on: layer(e), e, words: n.textContent.trim().slice(0, 40), r })
    }
    const button = e.closest('button, .tag, td, th')
    const box = button?.getBoundingClientRect()
    const words = range.getBoundingClientRect()
    if (button && box && getComputedStyle(button).overflow === 'visible' && (words.right > box.right + 1 || words.left < box.left - 1)) found.push(`leaves its box: <${button.tagName.toLowerCase()} class="${button.className}"> ${n.textContent.trim().slice(0, 60)}`)
  }
  for (const [n, a] of all.entries()) {
    for (const b of all.slice(n + 1)) {
      const [across, down] = [Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left), Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top)]
      if (across > 2 && down > 6 && a.e !== b.e && a.on === b.on) found.push(`lies on other words: ${a.words} | ${b.words}`)
    }
  }
  const pen = document.createElement('canvas').getContext('2d')
  for (const s of document.querySelectorAll('select')) {
    const style = getComputedStyle(s)
    if (!pen || !s.checkVisibility() || s.title) continue
    pen.font = style.font
    const room = s.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 18 // The arrow.
    if (pen.measureText(s.selectedOptions[0]?.text ?? '').width > room + 2) found.push(`cut choice: ${s.selectedOptions[0]?.text}`)
  }
  return found
}
