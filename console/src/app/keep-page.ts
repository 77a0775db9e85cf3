/**
 * Lets the browser keep this version of the console, so that it opens while the server is away. It waits until the page stands
 * and has nothing to do: the first screen comes before it. Browsers offer it over https and on the machine itself.
 */
export function keepPage(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const register = () => void navigator.serviceWorker.register('/service-worker.js', { updateViaCache: 'none' }).catch(() => undefined)
  const soon = () => void requestIdleCallback(register, { timeout: 10_000 })
  if (document.readyState === 'complete') soon()
  else window.addEventListener('load', soon, { once: true })
}
