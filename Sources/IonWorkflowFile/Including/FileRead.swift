internal import IonWorkflow

/// A workflow file as far as it can be read by itself: what it includes isn't in its place yet.
struct FileRead {
  let context: FileContext
  /// What the workflow is; nil where something that governs it is missing or wrong.
  var definition: WorkflowDefinition?
  /// What the file says that the workflow is called.
  var name: String?
  /// What the workflow is called by its file where that doesn't say.
  var fileName: String?
  var sites: [IncludeSite] = []
  /// The work that was done before the context counted any.
  var written: Int

  init(context: FileContext, written: Int, fileName: String?) {
    self.context = context
    self.written = written
    self.fileName = fileName
  }

  /// What messages call the workflow.
  var title: String { name ?? definition?.name ?? fileName ?? "this workflow" }

  /// The reading, once nothing more is to be found.
  var reading: WorkflowReading {
    WorkflowReading(definition: definition, diagnostics: context.diagnostics, name: name)
  }
}
