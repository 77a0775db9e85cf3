// Tells the bench when the rows of incidents came to be seen on this screen. It changes nothing on the page.
(() => {
  const screen = new URLSearchParams(location.search).get('screen')
  const told = new Set()
  const now = () => performance.timeOrigin + performance.now() // Milliseconds since 1970.
  const painted = (rows) => {
    // A frame is made after its callbacks; the message comes behind it.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        const at = now()
        port1.close()
        void fetch('/bench/seen', { method: 'POST', body: JSON.stringify({ screen, rows, at, began: performance.timeOrigin }) })
      }
      port2.postMessage(0)
    })
  }
  const look = (nodes) => {
    const rows = []
    for (const node of nodes) {
      if (!(node instanceof Element)) continue
      for (const row of [...(node.matches('[id^="row-"]') ? [node] : []), ...node.querySelectorAll('[id^="row-"]')]) {
        const id = row.id.slice(4)
        if (told.has(id)) continue
        told.add(id)
        rows.push(id)
      }
    }
    if (rows.length > 0) painted(rows)
  }
  new MutationObserver((changes) => look(changes.flatMap((c) => [...c.addedNodes]))).observe(document, { childList: true, subtree: true })
})()
