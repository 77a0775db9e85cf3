import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, InputMethod, Seat, Shaky } from './driver'

type Incident = { id: string; number: number; phase: string; merged_to?: string; assignments?: { unit: string; stage: string }[] }

let centre: Shaky
const seats: Seat[] = []
beforeAll(async () => {
  centre = await Shaky.start()
})
afterEach(async () => {
  for (const seat of seats.splice(0)) await seat.page.context().close()
})
afterAll(async () => {
  await closeBrowser()
  await centre?.stop()
})

async function sit(): Promise<Seat> {
  const seat = await Seat.open(centre, { map: false })
  seats.push(seat)
  await seat.press('F8')
  return seat
}

const incident = (number: number): Promise<Incident> => centre.ask<Incident>(`/incidents/${number}`)
const sent = async (number: number): Promise<string[]> => ((await incident(number)).assignments ?? []).filter((a) => a.stage !== 'cleared').map((a) => a.unit)
const opened = async (narrative: string): Promise<number> => (await centre.tell<{ number: number }>('/incidents', { narrative, type: 'dispute', priority: 'P3' })).number

/** Types a whole line over what stands there and executes it. */
async function does(seat: Seat, line: string): Promise<void> {
  await seat.command().fill(line)
  await seat.execute()
}

/** Waits until the line offers something that holds these words. */
const offer = (seat: Seat, words: RegExp) => seat.part('命令行').getByRole('option', { name: words })

describe('the command line does the whole job', () => {
  test('an incident from the first word to the close, without the mouse', async () => {
    const seat = await sit()
    await seat.type('新警 持刀伤人 P1 两人持刀')
    await seat.sees(seat.part('命令行'), /新警/)
    await seat.execute()
    const panel = seat.page.getByRole('region', { name: /^警情 #\d+$/ })
    await panel.waitFor()
    const n = Number(/#(\d+)/.exec((await panel.getAttribute('aria-label')) ?? '')?.[1])
    await seat.press('F8')
    for (const line of [
      `派 101 211 去 ${n}`, '101 211 签收', '101 出发', '211 cf', '101 211 到达', `${n} 记 两人已控制`, `联动 ${n} 120 一人受伤`,
      `${n} 反馈 初次 已控制`, '101 211 恢复', `${n} 反馈 终结 现场处置完毕 移交派出所`, `审核 ${n}`, `办结 ${n}`,
    ]) {
      await does(seat, line)
      await seat.sees(seat.part('命令行'), /已执行/)
    }
    expect((await incident(n)).phase).toBe('closed')
    await seat.sees(seat.story(), /办结/)
    expect(seat.mishaps).toEqual([])
  })

  test('offers how to go on, with how each stands; Tab takes it, an Enter on a picked one only writes it', async () => {
    const seat = await sit()
    const n = await opened('补全')
    await seat.type('派 10')
    await offer(seat, /^101 .*可派/).waitFor()
    await seat.picture('line-completion-zh-dark')
    await seat.press('Tab')
    expect(await seat.command().inputValue()).toBe('派 101 ')
    await seat.type('去 ')
    await offer(seat, new RegExp(`^${n} `)).waitFor()
    await seat.press('ArrowDown', 'Enter')
    expect(await seat.command().inputValue()).toMatch(/^派 101 去 \d+ $/)
    expect(await sent(n)).toEqual([])
    await seat.command().fill('帮助 派')
    await seat.part('命令行').getByRole('group', { name: '命令表' }).getByText('派警力去警情').waitFor()
    await seat.command().fill('帮助')
    await seat.part('命令行').getByRole('group', { name: '命令表' }).getByText('补录 14:20 102 到达 42').waitFor()
    await seat.picture('line-help-zh-dark')
  })

  test('takes the last line back, and says when it cannot', async () => {
    const seat = await sit()
    const n = await opened('撤回')
    await does(seat, `派 221 去 ${n}`)
    await seat.sees(seat.part('命令行'), /可撤回/)
    expect(await sent(n)).toEqual(['221'])
    await seat.command().fill('撤回')
    await seat.sees(seat.part('命令行'), `撤回：派 221 去 ${n}`)
    await seat.execute()
    expect(await sent(n)).toEqual([])
    await does(seat, `${n} 记 门牌看不清`)
    await does(seat, '撤回')
    await seat.sees(seat.part('命令行'), /不能撤回/)
  })

  test('asks where a line means several things, and does nothing until a digit says which', async () => {
    const seat = await sit()
    const [a, b] = [await opened('甲'), await opened('乙')]
    await does(seat, `合并 ${a} ${b}`)
    await seat.part('命令行').getByRole('list', { name: '按数字选一个' }).getByText(`#${b}`).waitFor()
    await seat.picture('line-ambiguous-zh-dark')
    expect((await incident(a)).phase).not.toBe('merged')
    await seat.press('1')
    await seat.sees(seat.part('命令行'), /已执行/)
    expect((await incident(a)).phase).toBe('merged')
    await does(seat, `派 231 ${b} ${a}`)
    expect(await sent(b)).toEqual([])
    await seat.press('Escape')
    await does(seat, '拍 231 去 1')
    await seat.sees(seat.part('命令行'), /是不是“派”/)
  })

  test('does a verb that was only begun once its whole word was shown, and remembers lines over a reload', async () => {
    const seat = await sit()
    const n = await opened('前缀')
    await seat.command().fill(`sen 241 to ${n}`)
    await seat.execute() // Too fast for the preview: it only shows what it would do.
    if ((await sent(n)).length === 0) {
      await seat.sees(seat.part('命令行'), /即 send/)
      await seat.execute()
    }
    expect(await sent(n)).toEqual(['241'])
    await does(seat, `${n} 记 旧命令`)
    await seat.sees(seat.part('命令行'), /已执行/)
    await seat.comesBack(centre)
    await seat.press('F8', 'ArrowUp')
    expect(await seat.command().inputValue()).toBe(`${n} 记 旧命令`)
    await seat.press('Escape')
    await seat.press('Control+r')
    await seat.type('sen')
    await offer(seat, /sen 241/).waitFor()
    await seat.press('Enter')
    expect(await seat.command().inputValue()).toBe(`sen 241 to ${n}`)
  })

  test('leaves the Enter of an input method to it', async () => {
    const seat = await sit()
    const ime = await InputMethod.of(seat)
    const told: string[] = []
    seat.page.on('request', (r) => {
      if (r.url().endsWith('/command') && !(r.postData() ?? '').includes('"dry_run":true')) told.push(r.postData() ?? '')
    })
    await ime.compose('pai')
    await ime.taken('Enter')
    await ime.commit('派')
    expect(await seat.command().inputValue()).toBe('派')
    await offer(seat, /^211 /).waitFor() // What may follow the verb that was committed.
    await ime.compose('101')
    await ime.taken('Tab')
    await ime.taken('ArrowDown')
    expect(told).toEqual([])
  })
})
