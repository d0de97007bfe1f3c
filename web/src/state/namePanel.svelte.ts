import { namePanelApi } from '../api/namePanel'
import type { Panel } from '../api/namePanel.types'
import { app } from './app.svelte'
import { Loading } from './loading.svelte'

/** What was asked and said about the case that is shown. Its panels share it, so that what one
 *  of them changes the others show. */
class NamePanelState {
  private readonly loading = new Loading<Panel>()
  private id = ''

  /** The panel of a case; null while it is fetched. */
  of(id: string): Panel | null {
    const value = this.loading.value
    return value?.case.case_id === id ? value : null
  }

  get failure(): unknown {
    return this.loading.failure
  }

  async load(id: string): Promise<void> {
    this.id = id
    await this.loading.run((signal) => namePanelApi.panel(id, app.lang, signal))
  }

  again(): Promise<void> {
    return this.load(this.id)
  }

  show(panel: Panel): void {
    this.id = panel.case.case_id
    this.loading.value = panel
  }
}

export const namePanel = new NamePanelState()
