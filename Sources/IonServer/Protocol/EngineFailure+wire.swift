public import IonEngine
internal import IonJSON
internal import IonStore
internal import IonWorkflow

extension Failure {
  /// What a client is told of a failure of the engine's.
  ///
  /// - Parameters:
  ///   - inputs: The JSON pointer below `params` of the object that the failed request has its inputs in.
  ///   - positions: What columns of diagnostics count.
  public init(_ failure: EngineFailure, inputs: String = "/inputs", positions: PositionEncoding = .utf16) {
    let message = failure.message
    switch failure {
    case .codebaseNotRegistered(let id):
      self.init(.codebaseNotRegistered, message, facts: id.isEmpty ? [:] : ["codebaseId": .string(id)])
    case .invalidCodebaseID: self = .input("/codebaseId", message)
    case .workspaceNotTrusted(let id):
      self.init(.workspaceNotTrusted, message, facts: ["codebaseId": .string(id.rawValue)])
    case .workflowNotFound(let name, let suggestions):
      self.init(.workflowNotFound, message, facts: .unknown("workflow", name, near: suggestions))
    case .workflowAmbiguous(let name, let candidates):
      self.init(.workflowNotFound, message, facts: ["workflow": .string(name), "candidates": .strings(candidates)])
    case .workflowInvalid(let name, let diagnostics, let text):
      let lines = TextLines(text)
      let shapes = diagnostics.map { OpenRPCDocument.encoded(DiagnosticShape($0, in: lines, positions)) }
      self.init(.workflowInvalid, message, facts: ["workflow": .string(name), "diagnostics": .array(shapes)])
    case .inputInvalid(let name, _):
      let pointer = name.map { inputs + "/" + JSONPointer.escape($0) } ?? inputs
      self.init(.inputInvalid, message, facts: ["path": .string("/params" + pointer)])
    case .runNotFound(let id): self.init(.runNotFound, message, facts: ["runId": .string(id)])
    case .runAmbiguous(let id, let candidates):
      self.init(.runNotFound, message, facts: ["runId": .string(id), "candidates": .strings(candidates)])
    case .nodeNotFound(let node, let run, let near):
      self.init(.nodeNotFound, message, facts: .unknown("nodeId", node, near: near, ["runId": .string(run.rawValue)]))
    case .artifactNotFound(let uri): self.init(.artifactNotFound, message, facts: ["uri": .string(uri)])
    case .gateNotFound(let id): self.init(.approvalNotFound, message, facts: ["approvalId": .string(id)])
    case .providerNotFound(let id, let near):
      self.init(.providerNotFound, message, facts: .unknown("providerId", id, near: near))
    case .alreadyResolved(let gate, let run): self = .resolved(gate, run, message)
    case .answerInvalid(let gate, let faults): self = .answer(gate, faults, message)
    case .invalidState(let run, _): self.init(.invalidState, message, facts: ["runId": .string(run.rawValue)])
    case .unknownChanges, .changesConflict: self = .changes(failure, message)
    case .pathLocked(let holder, let path, let run): self = .pathLocked(holder, path, run, message)
    case .outsideWorkspace: self.init(.outsideWorkspace, message)
    case .sequenceExpired(let oldest): self.init(.seqExpired, message, facts: ["oldestSeq": .integer(oldest)])
    case .tooLarge(_, let limit): self.init(.tooLarge, message, facts: ["limit": .integer(Int64(limit))])
    case .unusable: self.init(.unusable, message)
    case .store(let store): self.init(store, message)
    }
  }

  private static func resolved(_ gate: GateRecord, _ run: RunID, _ message: String) -> Failure {
    let standing = OpenRPCDocument.encoded(ApprovalShape(gate, of: run))
    return Failure(
      .alreadyResolved, message,
      facts: ["approvalId": .string(gate.id.rawValue), "runId": .string(run.rawValue), "approval": standing])
  }

  private static func changes(_ failure: EngineFailure, _ message: String) -> Failure {
    if case .unknownChanges(let run, _) = failure {
      return Failure(.inputInvalid, message, facts: ["runId": .string(run.rawValue), "path": "/params/files"])
    }
    guard case .changesConflict(let run, let conflicts) = failure else { return Failure(.unusable, message) }
    let shapes = conflicts.prefix(1_000).map { conflict -> JSONValue in
      ["path": .string(conflict.path), "reason": .string(conflict.reason)]
    }
    return Failure(
      .changesConflict, message, facts: ["runId": .string(run.rawValue), "conflicts": .array(Array(shapes))])
  }

  private static func answer(_ gate: GateID, _ faults: [AnswerFault], _ message: String) -> Failure {
    let findings = faults.map { fault -> JSONValue in
      let pointer =
        switch fault.part {
        case .decision: "/params/optionId"
        case .comment: "/params/comment"
        case .form(let name): "/params/form/" + JSONPointer.escape(name)
        }
      return ["path": .string(pointer), "message": .string(fault.message + (fault.hint.map { "; \($0)" } ?? ""))]
    }
    var facts: JSONObject = ["approvalId": .string(gate.rawValue), "findings": .array(findings)]
    facts["path"] = findings.first?["path"]
    return Failure(.inputInvalid, message, facts: facts)
  }

  private static func pathLocked(
    _ holder: PathLockHolder, _ path: AbsolutePath, _ run: RunID?, _ message: String
  ) -> Failure {
    let who = OpenRPCDocument.encoded(PathHolderShape(holder))
    var facts: JSONObject = ["holder": who, "uri": .string(FileURI(path).description)]
    facts["runId"] = run.map { .string($0.rawValue) }
    return Failure(.pathLocked, message, isRetryable: true, facts: facts)
  }

  private init(_ failure: StoreFailure, _ message: String) {
    switch failure {
    case .owned(let pid): self.init(.storeOwned, message, isRetryable: true, facts: ["pid": .integer(Int64(pid))])
    case .notOwner: self.init(.storeOwned, message, isRetryable: true)
    case .idempotencyConflict: self.init(.idempotencyConflict, message)
    case .runNotFound(let id): self.init(.runNotFound, message, facts: ["runId": .string(id.rawValue)])
    case .invalidCursor: self = .input("/cursor", message)
    case .damaged: self.init(.storeDamaged, message)
    case .diskFull: self.init(.unusable, message, isRetryable: true)
    case .unknownEvent, .newerVersion, .unusable, .failed: self.init(.unusable, message)
    }
  }
}

/// The steps of JSON pointers (RFC 6901).
enum JSONPointer {
  static func escape(_ step: String) -> String {
    step.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
      .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
  }
}

extension JSONObject {
  /// What there isn't, and what may be meant, beside other facts.
  fileprivate static func unknown(
    _ member: String, _ name: String, near suggestions: [String], _ facts: JSONObject = [:]
  ) -> JSONObject {
    var facts = facts
    facts[member] = .string(name)
    facts["suggestions"] = .strings(suggestions)
    return facts
  }
}

extension JSONValue {
  fileprivate static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}
