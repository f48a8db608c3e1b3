internal import IonDigest
internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

/// Makes the output of a matrix, or of a node with `fan_out`: the outputs of its instances as a JSON list, in their order.
///
/// An output that is a JSON document keeps its structure, any other is a text. An instance that was skipped has `null` in
/// its place; one that failed or was cancelled, or whose output is no value, `{failed: true, error, status}`.
struct OutputGathering {
  /// How many bytes of outputs are put together at most; what doesn't fit any more says so in its place.
  static let limit = 64 * 1024 * 1024

  let context: RunContext
  /// Where a list goes that is too long to be kept inline.
  let folder: AbsolutePath

  /// `state` says how a node of the run stands.
  func output(
    of instances: [NodeID], _ values: inout RunValues, _ state: (NodeID) -> NodeState?
  ) throws(StepFailure) -> NodeOutput {
    let bytes = try Self.list(of: instances, &values, state).serialized()
    return try Self.keep(bytes, at: folder.appending("stdout"), in: context.paths)
  }

  /// A list as an output is kept: inline, or in a file where it is too long for that.
  static func keep(
    _ bytes: [UInt8], at file: AbsolutePath, in paths: ProjectPaths
  ) throws(StepFailure) -> NodeOutput {
    let hash = SHA256.hex(of: bytes)
    guard bytes.count > NodeOutput.inlineLimit else {
      return NodeOutput(
        text: String(decoding: bytes, as: UTF8.self), file: nil, length: bytes.count, sha256: hash)
    }
    do throws(EngineFailure) {
      try FileAccess.makeFolder(file.parent)
      try FileAccess.write(bytes, to: file)
    } catch {
      throw StepFailure(.storage, error.message)
    }
    return NodeOutput(text: nil, file: file.relative(to: paths.logs), length: bytes.count, sha256: hash)
  }

  /// The outputs as a list. Writes nothing.
  static func list(
    of instances: [NodeID], _ values: inout RunValues, _ state: (NodeID) -> NodeState?
  ) throws(StepFailure) -> JSONValue {
    var room = limit
    var parts: [JSONValue] = []
    for id in instances { parts.append(try part(state(id), id, &values, &room)) }
    return .array(parts)
  }

  private static func part(
    _ state: NodeState?, _ id: NodeID, _ values: inout RunValues, _ room: inout Int
  ) throws(StepFailure) -> JSONValue {
    guard let state, state.status != .skipped else { return .null }
    guard state.status == .succeeded, let output = state.output else {
      return failure(state, state.failure?.message ?? state.summary ?? "it is \(state.status.rawValue)")
    }
    guard output.length <= room else {
      return failure(
        state,
        "its output of \(output.length) bytes (SHA-256 \(output.sha256)) is too long to be listed with the others")
    }
    room -= output.length
    let document = try values.document(of: id, output)
    guard let text = document.text else {
      return failure(state, "its output (SHA-256 \(output.sha256)) has a NUL byte or is not UTF-8, so it is no value")
    }
    return document.json ?? .string(text)
  }

  private static func failure(_ state: NodeState, _ message: String) -> JSONValue {
    ["failed": true, "error": .string(message), "status": .string(state.status.rawValue)]
  }
}
