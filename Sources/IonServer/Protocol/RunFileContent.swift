internal import Foundation
internal import IonEngine
internal import IonProcess
internal import IonStore
internal import IonWorkflow

/// A piece of a run's file, ready for an answer.
struct RunFileContent {
  var fileUri: FileURI
  /// Text cut at characters, or base64.
  var content: String
  var offset: Int
  var nextOffset: Int
  var size: Int
  /// Whether the piece has a NUL, or isn't UTF-8.
  var isBinary: Bool
  /// Nil for what is no artifact.
  var mediaType: String?
  /// Whether it isn't what was recorded; nil where that is not known.
  var isChanged: Bool?

  static func read(
    _ uri: RunFileURI, offset: Int, length: Int, asText: Bool, _ session: Session
  ) async throws(Failure) -> RunFileContent {
    let workspace = try await session.workspace(uri.codebase)
    return try await session.serving { () async throws(EngineFailure) in
      // Text is cut at characters, which may begin before the piece and end behind it.
      let lead = asText ? min(3, offset) : 0
      let slice = try await workspace.read(
        uri.file, of: uri.run, offset: offset - lead, length: lead + length + (asText ? 3 : 0), name: uri.description)
      let record = try await record(of: uri, workspace)
      var content = RunFileContent(
        fileUri: FileURI(workspace.codebase.path(of: uri.file, in: uri.run)), slice,
        piece: asText ? offset..<offset + length : nil)
      content.mediaType = record?.mediaType
      if let record {
        content.isChanged =
          slice.size == record.size ? slice.sha256.map { !$0.utf8.elementsEqual(record.sha256.utf8) } : true
      }
      return content
    }
  }

  private static func record(
    of uri: RunFileURI, _ workspace: Workspace
  ) async throws(EngineFailure) -> ArtifactRecord? {
    guard uri.file.area == .artifacts else { return nil }
    let name = uri.file.path
    return try await workspace.artifacts(of: uri.run, prefix: name).first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// - Parameter piece: The bytes that are wanted as text; nil for all of the slice in base64.
  private init(fileUri: FileURI, _ slice: FileSlice, piece: Range<Int>?) {
    self.fileUri = fileUri
    size = slice.size
    guard let piece else {
      content = Data(slice.bytes).base64EncodedString()
      offset = slice.offset
      nextOffset = slice.end
      isBinary = true
      return
    }
    let text = OutputSlice(
      of: slice.bytes, at: slice.offset, size: slice.size, from: piece.lowerBound, limit: piece.count,
      isFinal: slice.end == slice.size)
    content = text.text
    offset = text.offset
    nextOffset = text.nextOffset
    let bytes = slice.bytes[(text.offset - slice.offset)..<(text.nextOffset - slice.offset)]
    isBinary = bytes.contains(0) || String(validating: bytes, as: UTF8.self) == nil
  }
}
