import { namesApi } from '../api/names'
import type { NameContent, PlaceName } from '../api/names.types'
import type { Version } from '../api/records.types'
import { app } from './app.svelte'
import { checkName, contentOfName, draftOfName, emptyName, type NameDraft, type Wrong } from './nameDraft'
import { RecordEdit, type Because } from './recordEdit.svelte'

/** The place name that is being entered or changed. */
class NameEdit extends RecordEdit<NameDraft, NameContent, PlaceName> {
  protected readonly prefix = 'name'
  readonly wrong = $derived<Record<string, Wrong>>(this.tried ? checkName(this.draft, this.reason) : {})

  protected empty(): NameDraft {
    return emptyName()
  }

  protected draftOf(record: NameContent): NameDraft {
    return draftOfName(record)
  }

  protected contentOf(draft: NameDraft): NameContent {
    return contentOfName(draft)
  }

  protected read(id: string): Promise<PlaceName> {
    return namesApi.name(id, '', app.lang)
  }

  protected history(id: string): Promise<Version[]> {
    return namesApi.history(id, app.lang)
  }

  protected sendNew(content: NameContent & Because, key: string): Promise<string> {
    return namesApi.register({ ...content, state: this.draft.state }, key, app.lang)
  }

  protected async sendChange(id: string, patch: Partial<NameContent> & Because, version: number): Promise<void> {
    await namesApi.change(id, patch, version, app.lang)
  }

  protected fine(): boolean {
    return Object.keys(this.wrong).length === 0
  }
}

export const nameEdit = new NameEdit()
