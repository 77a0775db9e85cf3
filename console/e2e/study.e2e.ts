import { afterAll, afterEach, expect, test } from 'vitest'
import { Centre, closeBrowser, closeSeats, Seat } from './driver'

const open: Centre[] = []
afterEach(async () => {
  await closeSeats()
  for (const centre of open.splice(0)) await centre.stop()
})
afterAll(closeBrowser)

test('a what-if is put together, played to its end, and its difference said in words and as a picture', async () => {
  const centre = await Centre.start('yunze', 1)
  open.push(centre)
  const seat = await Seat.open(centre)
  await seat.press('Alt+6')
  const page = seat.page.getByRole('region', { name: '研判' })
  await page.getByRole('tab', { name: '需求' }).waitFor()
  await seat.sees(page, /从不计入/) // What officers began themselves, and why.
  await page.getByRole('table', { name: /一周/ }).waitFor()

  await seat.press('Alt+4')
  const form = page.getByRole('form', { name: '改动' })
  await form.getByLabel('做什么').selectOption('remove')
  for (const unit of ['101', '102', '103', '104', '105', '106']) {
    await form.getByLabel('警力').selectOption(unit)
    await form.getByRole('button', { name: '加入改动' }).press('Enter')
    await seat.sees(page, `撤 ${unit}`)
  }
  await page.getByLabel('天数').fill('2')
  await page.getByRole('button', { name: '推演', exact: true }).press('Enter')
  const outcome = page.getByRole('region', { name: '首到时间' })
  await outcome.waitFor()
  await seat.sees(outcome, /中位数 现在/)
  await seat.sees(outcome, /95% 区间/)
  await seat.sees(page, /起来电算/) // On which calls it rests.
  await seat.picture('study-whatif-zh-dark')
  expect(seat.mishaps).toEqual([])
})
