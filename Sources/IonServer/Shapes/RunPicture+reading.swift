internal import IonDrawing
internal import IonEngine
internal import IonJSON
internal import IonProcess
internal import IonStore
internal import IonWorkflow

extension RunPicture {
  /// How much of what a node printed a report shows, and how much all of them together, in bytes.
  static let outputLimit = (node: 4_096, all: 1_048_576)

  /// The picture of a run, without outputs and artifacts.
  init(_ history: RunHistory) {
    let record = history.record
    self.init(
      id: record.id, number: record.number, workflow: record.workflow, status: record.status,
      createdAt: record.createdAt, takenAt: history.readAt)
    attempt = record.attempt
    error = record.error
    startedAt = record.startedAt
    endedAt = record.endedAt
    facts = Self.facts(of: record)
    nodes = history.nodes.map {
      Node($0, history.declarations[$0.node], history.executions[$0.node] ?? [])
    }
  }

  private static func facts(of record: RunRecord) -> [Fact] {
    var facts: [Fact] = []
    if !record.request.message.isEmpty { facts.append(Fact("Message", record.request.message)) }
    for input in record.request.inputs.sorted(by: { $0.key < $1.key }) {
      facts.append(Fact("Input \(input.key)", input.value.stringValue ?? input.value.serializedText()))
    }
    if let model = record.request.model { facts.append(Fact("Model", model)) }
    facts.append(Fact("Folder", record.request.workingPath.text))
    if let parent = record.parent {
      let node = record.parentNode.map { ", node \($0)" } ?? ""
      facts.append(Fact(record.parentNode == nil ? "Rerun of" : "Child of", parent.rawValue + node))
    }
    return facts
  }

  /// Adds the ends of what nodes printed, as far as there is room: first of those that went wrong or still run.
  mutating func addOutputs(_ history: RunHistory, from workspace: Workspace) {
    var room = Self.outputLimit.all
    let wanted = history.nodes.indices.filter { history.nodes[$0].attempt > 0 && history.nodes[$0].logBytes != 0 }
    let order =
      wanted.filter { Self.comesFirst(history.nodes[$0]) } + wanted.filter { !Self.comesFirst(history.nodes[$0]) }
    for index in order where room > 0 {
      do throws(EngineFailure) {
        let limit = min(room, Self.outputLimit.node)
        guard let slice = try workspace.outputEnd(of: history.nodes[index], limit: limit), !slice.text.isEmpty else {
          continue
        }
        nodes[index].output = Output(text: slice.text, skipped: slice.offset)
        room -= slice.nextOffset - slice.offset
      } catch {
        nodes[index].output = Output(text: error.message, skipped: 0)
        room -= error.message.utf8.count
      }
    }
  }

  private static func comesFirst(_ node: NodeRecord) -> Bool {
    switch node.status {
    case .failed, .interrupted, .unknown, .running, .cancelled, .awaitingApproval: true
    case .pending, .succeeded, .skipped: false
    }
  }

  /// Adds the files that nodes made.
  mutating func addArtifacts(_ artifacts: [ArtifactRecord], of codebase: Codebase) {
    var places: [NodeID: Int] = [:]
    for (index, node) in nodes.enumerated() { places[node.id] = index }
    for artifact in artifacts {
      guard let node = artifact.node.flatMap({ places[$0] }), let shape = ArtifactShape(artifact, in: codebase) else {
        continue
      }
      nodes[node].artifacts.append(
        Artifact(name: artifact.name, uri: shape.fileUri.description, size: artifact.size))
    }
  }
}

extension RunPicture.Node {
  fileprivate init(_ row: NodeRecord, _ declared: IonWorkflow.Node?, _ executions: [NodeHistory.Execution]) {
    self.init(
      id: row.node, kind: declared?.kind.name ?? "", status: row.status,
      dependsOn: declared.map { $0.dependsOn + $0.waitsFor } ?? [])
    description = declared?.description
    includedBy = declared?.include
    phase = declared?.phase ?? .main
    condition = declared?.when?.description
    attempt = row.attempt
    startedAt = row.startedAt
    endedAt = row.endedAt
    summary = row.summary
    error = row.error
    exitCode = row.exitCode
    self.executions = executions.map {
      RunPicture.Execution(
        attempt: $0.attempt, runAttempt: $0.runAttempt, startedAt: $0.startedAt, endedAt: $0.endedAt,
        status: $0.status, error: $0.error)
    }
  }
}
