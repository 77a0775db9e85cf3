// @ts-check
// Takes pictures of the console at the sizes, themes and languages it must hold, for a person to look at.
// usage: BASE=http://127.0.0.1:8110 node screens/screens.mjs [name ...]
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'

const base = process.env.BASE ?? 'http://127.0.0.1:8110'
const out = new URL('out/', import.meta.url).pathname
mkdirSync(out, { recursive: true })
const wide = { width: 1920, height: 1080 }
const small = { width: 1366, height: 768 }
const open = async (page) => {
  await page.locator('[role=option]').first().click()
  await page.waitForTimeout(900)
}
const shots = [
  { name: 'dark-zh', size: wide, theme: 'dark', language: 'zh', act: open },
  { name: 'light-en', size: wide, theme: 'light', language: 'en', act: open },
  { name: 'small-zh', size: small, theme: 'dark', language: 'zh', act: open },
  { name: 'small-en', size: small, theme: 'light', language: 'en', act: open },
  { name: 'call-zh', size: wide, theme: 'dark', language: 'zh', act: async (page) => {
    await page.keyboard.press('F2')
    await page.keyboard.type('汀兰')
    await page.waitForTimeout(500)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.keyboard.type('cd')
    await page.waitForTimeout(300)
  } },
  { name: 'command-zh', size: wide, theme: 'dark', language: 'zh', act: async (page) => {
    await page.keyboard.press('/')
    await page.keyboard.type('新警 盗窃 @xpl8号')
    await page.waitForTimeout(500)
  } },
  { name: 'form-en', size: small, theme: 'dark', language: 'en', act: async (page) => {
    await open(page)
    await page.locator('body').press('c')
    await page.locator('button[draggable]').first().click()
    await page.waitForTimeout(500)
  } },
  { name: 'idle-zh', size: wide, theme: 'dark', language: 'zh', act: async () => {} },
  { name: 'wait-zh', size: wide, theme: 'dark', language: 'zh', act: async (page) => page.waitForTimeout(5000) },
]
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] })
const wanted = process.argv.slice(2)
for (const s of shots.filter((x) => wanted.length === 0 || wanted.includes(x.name))) {
  const context = await browser.newContext({ viewport: s.size, timezoneId: 'Asia/Shanghai' })
  await context.addInitScript(([theme, language]) => {
    localStorage.setItem('shuniu.theme', theme)
    localStorage.setItem('shuniu.language', language)
  }, [s.theme, s.language])
  const page = await context.newPage()
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && console.log(s.name, m.type(), m.text()))
  page.on('pageerror', (e) => console.log(s.name, 'error', e.message))
  await page.goto(base)
  await page.waitForTimeout(3500)
  await s.act(page)
  await page.screenshot({ path: `${out}${s.name}.png` })
  const cut = await page.evaluate(() => [...document.querySelectorAll('button, h1, h2, label, th, .tabs *')]
    .filter((e) => e instanceof HTMLElement && e.offsetParent && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).textOverflow !== 'ellipsis' && getComputedStyle(e).display !== 'inline')
    .map((e) => `${e.className}: ${e.textContent?.slice(0, 40)}`))
  if (cut.length > 0) console.log(s.name, 'cut:', cut)
  await context.close()
}
await browser.close()
