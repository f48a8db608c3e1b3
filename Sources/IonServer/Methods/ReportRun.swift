internal import IonDrawing
internal import IonEngine
internal import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `run/report`: a run, drawn.
public enum ReportRun: ServedRequest {
  public static let method = "run/report"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run.",
      "format": "What is wanted; absent is `html`.",
    ]

    public var runId: RunID
    public var format: ReportFormat?
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run.",
      "format": "What `text` is.",
      "mediaType": "The same as a media type, for a file with it.",
      "text": """
      The whole report; absent for `json`. A page or a drawing stands alone: it refers to nothing that would have to be \
      loaded.
      """,
      "picture": "The data behind the drawing; absent for every format but `json`.",
      "seq": "The number of the run's last event when the report was begun; with a later one a new report differs.",
    ]

    public var runId: RunID
    public var format: ReportFormat
    public var mediaType: String
    public var text: String?
    public var picture: RunPictureShape?
    public var seq: Int64
  }

  /// How long a report may be, in bytes: with room to spare below the size of a frame (`limits.frame_bytes`).
  static let limit = 40 * 1024 * 1024

  public static let spec = Spec<Self>(
    summary: """
      Draws a run, at any time of it: its graph with statuses and durations, and what ran when, on which slot. As a page it \
      has every node's details besides, the end of its output among them.
      """,
    errors: ErrorKind.readingRun + [.invalidState, .workflowInvalid, .tooLarge],
    examples: [
      .init(
        "a chart for Markdown", Params(runId: Sample.run, format: .mermaid),
        Result(
          runId: Sample.run, format: .mermaid, mediaType: ReportFormat.mermaid.mediaType,
          text: MermaidText.chart(RunPicture(Sample.history)), picture: nil, seq: Sample.endedRecord.seq)),
      .init(
        "the data behind it", Params(runId: Sample.run, format: .json),
        Result(
          runId: Sample.run, format: .json, mediaType: ReportFormat.json.mediaType, text: nil,
          picture: RunPictureShape(RunPicture(Sample.history)), seq: Sample.endedRecord.seq)),
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    let format = params.format ?? .html
    let (picture, seq) = try await session.serving { () async throws(EngineFailure) in
      var history = try await workspace.history(of: params.runId)
      // The data have every item.
      if format != .json { history.nodes = ItemRows.told(history.nodes) }
      var picture = RunPicture(history)
      if format == .html {
        picture.addOutputs(history, from: workspace)
        picture.addArtifacts(
          try await workspace.artifacts(of: params.runId, prefix: nil), of: workspace.codebase)
      }
      return (picture, history.record.seq)
    }
    let text = text(of: picture, as: format)
    let data = format == .json ? RunPictureShape(picture) : nil
    let bytes = text?.utf8.count ?? data.map { OpenRPCDocument.encoded($0).serialized().count }
    try check(bytes ?? 0, params.runId)
    return Result(
      runId: params.runId, format: format, mediaType: format.mediaType, text: text, picture: data, seq: seq)
  }

  /// Refuses a report that is too long for an answer.
  static func check(_ bytes: Int, _ run: RunID) throws(Failure) {
    guard bytes > limit else { return }
    throw Failure(
      .tooLarge,
      "The report of run \(run) has \(bytes) bytes, \(limit) at most; ask for a smaller format, `json` or `mermaid`.",
      facts: ["limit": .integer(Int64(limit)), "runId": .string(run.rawValue)])
  }

  private static func text(of picture: RunPicture, as format: ReportFormat) -> String? {
    switch format {
    case .html: ReportPage.html(picture)
    case .svg: ReportDrawing.svg(picture)
    case .mermaid: MermaidText.chart(picture)
    case .json: nil
    }
  }
}
