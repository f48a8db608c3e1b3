internal import IonStore
internal import IonWorkflow

/// What comes along with a run from where it was started: `Context`.
public struct ContextShape: WireShape, Hashable {
  public static let schemaName: String? = "Context"
  public static let notes = [
    "text": "Free text: `$CONTEXT`.",
    "editor": "Where the editor stood.",
  ]

  public var text: String?
  public var editor: EditorShape?
}

/// Where an editor stood when it started a run: `Editor`.
public struct EditorShape: WireShape, Hashable {
  public static let schemaName: String? = "Editor"
  public static let notes = [
    "uri": "The open file: `$EDITOR_FILE` is its path.",
    "line": "From 0, as LSP counts; `$EDITOR_LINE` counts from 1.",
    "selection": "The selected text: `$EDITOR_SELECTION`.",
    "languageId": "`$EDITOR_LANGUAGE`.",
    "diagnostics": "As text: `$EDITOR_DIAGNOSTICS`.",
  ]

  public var uri: FileURI?
  public var line: Int?
  public var selection: String?
  public var languageId: String?
  public var diagnostics: String?

  var context: EditorContext {
    EditorContext(
      file: uri?.path.text, line: line.map { $0 + 1 }, selection: selection, languageID: languageId,
      diagnostics: diagnostics)
  }
}
