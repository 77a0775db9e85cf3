import { openPanel } from './focus'
import { createStore } from './store'

export type CommanderTab = 'alerts' | 'owed' | 'orders' | 'reports'
export const commanderTabs: readonly CommanderTab[] = ['alerts', 'owed', 'orders', 'reports']

/** The open tab of the commander's panel. */
export const commanderTab = createStore<CommanderTab>('alerts')

/** The incident whose urgent report is written; empty: the one that is owed first. */
export const reportOf = createStore('')

/** Opens the alerts, whatever is in hand: the first one that nobody has acknowledged takes the keyboard. */
export function openAlerts(): void {
  commanderTab.set('alerts')
  openPanel('commander')
}

/** Opens the page of the urgent report about an incident. */
export function openReport(incident: string): void {
  reportOf.set(incident)
  commanderTab.set('reports')
  openPanel('commander')
}
