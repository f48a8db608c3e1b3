public import IonEngine
public import IonStore
public import IonWorkflow

/// A file that a run made, as the protocol shows it: `Artifact`.
public struct ArtifactShape: WireShape, Hashable {
  public static let schemaName: String? = "Artifact"
  public static let notes: [String: String] = [
    "uri": "For `artifact/read` and `artifact/preview`.",
    "fileUri": "The file itself, for those who can read it.",
    "runId": "The run that made it.",
    "nodeId": "The node that made it, as far as can be told; absent where it can't.",
    "name": "Its path in the run's artifact folder, `/`-separated.",
    "type": "What the node's `output_type` says it is; absent where nothing does.",
    "mediaType": "By the name's ending; `application/octet-stream` where that says nothing.",
    "size": "Bytes, when it was found.",
    "sha256": "Of its bytes then, in hexadecimal.",
    "createdAt": "When it was found.",
  ]

  public var uri: RunFileURI
  public var fileUri: FileURI
  public var runId: RunID
  public var nodeId: NodeID?
  public var name: String
  public var type: String?
  public var mediaType: String
  public var size: Int64
  public var sha256: String
  public var createdAt: Timestamp

  /// Nil where the record's name is no path below the run's artifact folder.
  public init?(_ artifact: ArtifactRecord, in codebase: Codebase) {
    guard let file = RunFile(.artifacts, artifact.name) else { return nil }
    uri = RunFileURI(codebase: codebase.id, run: artifact.run, file: file)
    fileUri = FileURI(codebase.path(of: file, in: artifact.run))
    runId = artifact.run
    nodeId = artifact.node
    name = artifact.name
    type = artifact.type
    mediaType = artifact.mediaType
    size = artifact.size
    sha256 = artifact.sha256
    createdAt = Timestamp(artifact.createdAt)
  }
}
